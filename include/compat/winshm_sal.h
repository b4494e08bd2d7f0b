/*
 * winshm_sal.h - the marks that Windows sources put on parameters, results and
 * fields for Microsoft's code analyser. They mean nothing to other compilers.
 *
 * On Linux: the older marks __in, __out and their family are left out, because the
 * C++ library has variables of these names: <iostream> would no longer compile.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_SAL_H
#define WINSHM_SAL_H

/* The plain words that came before the marks. */
#ifndef IN
#define IN
#endif
#ifndef OUT
#define OUT
#endif
#ifndef OPTIONAL
#define OPTIONAL
#endif

/* How a parameter is used. */
#define _In_
#define _In_opt_
#define _In_z_
#define _In_opt_z_
#define _In_function_class_(name)
#define _Inout_
#define _Inout_opt_
#define _Inout_z_
#define _Inout_opt_z_
#define _Out_
#define _Out_opt_
#define _Outptr_
#define _Outptr_opt_
#define _Outptr_result_maybenull_
#define _Outptr_opt_result_maybenull_
#define _Outptr_result_z_
#define _Outptr_result_nullonfailure_
#define _Outptr_result_buffer_(size)
#define _Outptr_result_bytebuffer_(size)
#define _COM_Outptr_
#define _COM_Outptr_opt_
#define _Outref_
#define _Outref_result_maybenull_
#define _Reserved_
#define _Const_
#define _Frees_ptr_
#define _Frees_ptr_opt_
#define _Printf_format_string_
#define _Scanf_format_string_

/* Buffers and how much of them is read or written. */
#define _In_reads_(size)
#define _In_reads_opt_(size)
#define _In_reads_z_(size)
#define _In_reads_opt_z_(size)
#define _In_reads_or_z_(size)
#define _In_reads_or_z_opt_(size)
#define _In_reads_to_ptr_(parameter)
#define _In_reads_bytes_(size)
#define _In_reads_bytes_opt_(size)
#define _Inout_updates_(size)
#define _Inout_updates_opt_(size)
#define _Inout_updates_z_(size)
#define _Inout_updates_all_(size)
#define _Inout_updates_all_opt_(size)
#define _Inout_updates_to_(size, count)
#define _Inout_updates_bytes_(size)
#define _Inout_updates_bytes_opt_(size)
#define _Inout_updates_bytes_to_(size, count)
#define _Inout_updates_bytes_all_(size)
#define _Out_writes_(size)
#define _Out_writes_opt_(size)
#define _Out_writes_z_(size)
#define _Out_writes_opt_z_(size)
#define _Out_writes_all_(size)
#define _Out_writes_all_opt_(size)
#define _Out_writes_to_(size, count)
#define _Out_writes_to_opt_(size, count)
#define _Out_writes_to_ptr_(parameter)
#define _Out_writes_bytes_(size)
#define _Out_writes_bytes_opt_(size)
#define _Out_writes_bytes_all_(size)
#define _Out_writes_bytes_all_opt_(size)
#define _Out_writes_bytes_to_(size, count)
#define _Out_writes_bytes_to_opt_(size, count)

/* Ranges. */
#define _In_range_(lowest, highest)
#define _Out_range_(lowest, highest)
#define _Inout_range_(lowest, highest)
#define _Ret_range_(lowest, highest)
#define _Field_range_(lowest, highest)
#define _Deref_in_range_(lowest, highest)
#define _Deref_out_range_(lowest, highest)

/* What a function returns. */
#define _Ret_
#define _Ret_z_
#define _Ret_maybenull_
#define _Ret_maybenull_z_
#define _Ret_notnull_
#define _Ret_null_
#define _Ret_valid_
#define _Ret_writes_(size)
#define _Ret_writes_z_(size)
#define _Ret_writes_bytes_(size)
#define _Ret_writes_maybenull_(size)
#define _Ret_writes_bytes_maybenull_(size)
#define _Check_return_
#define _Check_return_opt_
#define _Must_inspect_result_
#define _Success_(condition)
#define _Return_type_success_(condition)
#define _On_failure_(annotation)
#define _Always_(annotation)

/* Conditions on what other annotations say. */
#define _When_(condition, annotation)
#define _At_(parameter, annotation)
#define _At_buffer_(parameter, index, size, annotation)
#define _Group_(annotation)
#define _Pre_
#define _Pre_maybenull_
#define _Pre_notnull_
#define _Pre_null_
#define _Pre_valid_
#define _Pre_satisfies_(condition)
#define _Pre_opt_valid_
#define _Pre_writable_size_(size)
#define _Pre_readable_size_(size)
#define _Post_
#define _Post_maybenull_
#define _Post_notnull_
#define _Post_null_
#define _Post_valid_
#define _Post_invalid_
#define _Post_ptr_invalid_
#define _Post_satisfies_(condition)
#define _Post_equal_to_(expression)
#define _Post_writable_byte_size_(size)
#define _Post_readable_byte_size_(size)
#define _Maybenull_
#define _Notnull_
#define _Null_
#define _Valid_
#define _Notvalid_
#define _Literal_
#define _Notliteral_
#define _Null_terminated_
#define _NullNull_terminated_
#define _Readable_bytes_(size)
#define _Writable_bytes_(size)
#define _Readable_elements_(size)
#define _Writable_elements_(size)

/* Fields and structures. */
#define _Field_size_(size)
#define _Field_size_opt_(size)
#define _Field_size_full_(size)
#define _Field_size_part_(size, count)
#define _Field_size_bytes_(size)
#define _Field_size_bytes_opt_(size)
#define _Field_size_bytes_full_(size)
#define _Field_size_bytes_part_(size, count)
#define _Field_z_
#define _Struct_size_bytes_(size)

/* Locks and threads. */
#define _Acquires_lock_(lock)
#define _Acquires_exclusive_lock_(lock)
#define _Acquires_shared_lock_(lock)
#define _Acquires_nonreentrant_lock_(lock)
#define _Releases_lock_(lock)
#define _Releases_exclusive_lock_(lock)
#define _Releases_shared_lock_(lock)
#define _Releases_nonreentrant_lock_(lock)
#define _Requires_lock_held_(lock)
#define _Requires_lock_not_held_(lock)
#define _Requires_exclusive_lock_held_(lock)
#define _Requires_shared_lock_held_(lock)
#define _Requires_no_locks_held_
#define _Lock_level_order_(first, second)
#define _Has_lock_kind_(kind)
#define _Has_lock_level_(lock)
#define _Create_lock_level_(lock)
#define _Guarded_by_(lock)
#define _Write_guarded_by_(lock)
#define _Interlocked_
#define _Interlocked_operand_
#define _No_competing_thread_

/* The analyser itself. */
#define _Use_decl_annotations_
#define _Analysis_noreturn_
#define _Function_class_(name)
#define _Inexpressible_(expression)
#define _Raises_SEH_exception_
#define _Maybe_raises_SEH_exception_
#define _Called_from_function_class_(name)

/* The one mark that stands as a statement. */
#define _Analysis_assume_(condition) ((void)0)

#endif /* WINSHM_SAL_H */
