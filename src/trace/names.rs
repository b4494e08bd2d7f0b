//! The names of constants: each family is what one parameter takes.

#![forbid(unsafe_code)]

use super::line::{Line, put};
use crate::consts::*;

/// A constant's name and value, of 32 bits.
pub type Constant = (&'static str, u32);

/// Constants of the same parameter. Bits: several of them may be set; those that are sets
/// of others stand first.
#[derive(Clone, Copy, Debug)]
pub enum Family {
    One(&'static [Constant]),
    Bits(&'static [&'static [Constant]]),
    /// The same for views: bits that FILE_MAP_ constants share with GENERIC_ ones are the
    /// latter if there is nothing else of the former.
    View,
    /// The same, of which the lowest eight exclude each other.
    Pages(&'static [&'static [Constant]]),
}

macro_rules! names {
    ($($name:ident)*) => { &[$((stringify!($name), $name as u32)),*] };
}

pub const STANDARD: &[Constant] = names![
    DELETE READ_CONTROL WRITE_DAC WRITE_OWNER SYNCHRONIZE ACCESS_SYSTEM_SECURITY MAXIMUM_ALLOWED
    GENERIC_ALL GENERIC_EXECUTE GENERIC_WRITE GENERIC_READ
];
const VIEW: &[Constant] = names![
    FILE_MAP_ALL_ACCESS FILE_MAP_WRITE FILE_MAP_READ FILE_MAP_COPY FILE_MAP_EXECUTE FILE_MAP_LARGE_PAGES
    FILE_MAP_TARGETS_INVALID FILE_MAP_RESERVE
];
const SECTION: &[Constant] = names![
    FILE_MAP_ALL_ACCESS FILE_MAP_WRITE FILE_MAP_READ SECTION_QUERY FILE_MAP_EXECUTE SECTION_MAP_EXECUTE
    SECTION_EXTEND_SIZE
];
const EVENT: &[Constant] = names![EVENT_ALL_ACCESS EVENT_QUERY_STATE EVENT_MODIFY_STATE];
const MUTEX: &[Constant] = names![MUTEX_ALL_ACCESS MUTEX_MODIFY_STATE];
const SEMAPHORE: &[Constant] = names![SEMAPHORE_ALL_ACCESS SEMAPHORE_QUERY_STATE SEMAPHORE_MODIFY_STATE];
const TIMER: &[Constant] = names![TIMER_ALL_ACCESS TIMER_QUERY_STATE TIMER_MODIFY_STATE];
const PROCESS: &[Constant] = names![
    PROCESS_ALL_ACCESS PROCESS_TERMINATE PROCESS_CREATE_THREAD PROCESS_VM_OPERATION PROCESS_VM_READ
    PROCESS_VM_WRITE PROCESS_DUP_HANDLE PROCESS_CREATE_PROCESS PROCESS_SET_QUOTA PROCESS_SET_INFORMATION
    PROCESS_QUERY_INFORMATION PROCESS_SUSPEND_RESUME PROCESS_QUERY_LIMITED_INFORMATION
];
const THREAD: &[Constant] = names![
    THREAD_ALL_ACCESS THREAD_TERMINATE THREAD_SUSPEND_RESUME THREAD_GET_CONTEXT THREAD_SET_CONTEXT
    THREAD_SET_INFORMATION THREAD_QUERY_INFORMATION THREAD_QUERY_LIMITED_INFORMATION
];
const FILE: &[Constant] = names![
    FILE_ALL_ACCESS FILE_GENERIC_READ FILE_GENERIC_WRITE FILE_GENERIC_EXECUTE FILE_READ_DATA FILE_WRITE_DATA
    FILE_APPEND_DATA FILE_READ_EA FILE_WRITE_EA FILE_EXECUTE FILE_READ_ATTRIBUTES FILE_WRITE_ATTRIBUTES
];
const PAGES: &[Constant] = names![
    PAGE_NOACCESS PAGE_READONLY PAGE_READWRITE PAGE_WRITECOPY PAGE_EXECUTE PAGE_EXECUTE_READ
    PAGE_EXECUTE_READWRITE PAGE_EXECUTE_WRITECOPY PAGE_GUARD PAGE_NOCACHE PAGE_WRITECOMBINE
];
const SECTIONS: &[Constant] = names![
    SEC_FILE SEC_IMAGE_NO_EXECUTE SEC_IMAGE SEC_PROTECTED_IMAGE SEC_RESERVE SEC_COMMIT SEC_NOCACHE
    SEC_WRITECOMBINE SEC_LARGE_PAGES
];
const FILE_FLAGS: &[Constant] = names![
    FILE_ATTRIBUTE_READONLY FILE_ATTRIBUTE_HIDDEN FILE_ATTRIBUTE_SYSTEM FILE_ATTRIBUTE_DIRECTORY
    FILE_ATTRIBUTE_ARCHIVE FILE_ATTRIBUTE_NORMAL FILE_ATTRIBUTE_TEMPORARY FILE_ATTRIBUTE_OFFLINE
    FILE_ATTRIBUTE_NOT_CONTENT_INDEXED FILE_ATTRIBUTE_ENCRYPTED FILE_FLAG_WRITE_THROUGH
    FILE_FLAG_OVERLAPPED FILE_FLAG_NO_BUFFERING FILE_FLAG_RANDOM_ACCESS FILE_FLAG_SEQUENTIAL_SCAN
    FILE_FLAG_DELETE_ON_CLOSE FILE_FLAG_BACKUP_SEMANTICS FILE_FLAG_POSIX_SEMANTICS FILE_FLAG_SESSION_AWARE
    FILE_FLAG_OPEN_REPARSE_POINT FILE_FLAG_OPEN_NO_RECALL
];
const NEW_PROCESS: &[Constant] = names![
    DEBUG_PROCESS DEBUG_ONLY_THIS_PROCESS CREATE_SUSPENDED DETACHED_PROCESS CREATE_NEW_CONSOLE
    NORMAL_PRIORITY_CLASS IDLE_PRIORITY_CLASS HIGH_PRIORITY_CLASS REALTIME_PRIORITY_CLASS
    CREATE_NEW_PROCESS_GROUP CREATE_UNICODE_ENVIRONMENT BELOW_NORMAL_PRIORITY_CLASS
    ABOVE_NORMAL_PRIORITY_CLASS CREATE_PROTECTED_PROCESS EXTENDED_STARTUPINFO_PRESENT
    CREATE_BREAKAWAY_FROM_JOB CREATE_PRESERVE_CODE_AUTHZ_LEVEL CREATE_DEFAULT_ERROR_MODE CREATE_NO_WINDOW
];

pub const RIGHTS_OF_SECTION: Family = Family::Bits(&[SECTION, STANDARD]);
pub const RIGHTS_OF_VIEW: Family = Family::View;
pub const RIGHTS_OF_EVENT: Family = Family::Bits(&[EVENT, STANDARD]);
pub const RIGHTS_OF_MUTEX: Family = Family::Bits(&[MUTEX, STANDARD]);
pub const RIGHTS_OF_SEMAPHORE: Family = Family::Bits(&[SEMAPHORE, STANDARD]);
pub const RIGHTS_OF_TIMER: Family = Family::Bits(&[TIMER, STANDARD]);
pub const RIGHTS_OF_PROCESS: Family = Family::Bits(&[PROCESS, STANDARD]);
pub const RIGHTS_OF_THREAD: Family = Family::Bits(&[THREAD, STANDARD]);
pub const RIGHTS_OF_FILE: Family = Family::Bits(&[FILE, STANDARD]);
pub const RIGHTS: Family = Family::Bits(&[STANDARD]);
pub const PROTECTION: Family = Family::Pages(&[PAGES]);
pub const PROTECTION_OF_SECTION: Family = Family::Pages(&[PAGES, SECTIONS]);
pub const ALLOCATION: Family = Family::Bits(&[names![
    MEM_COMMIT MEM_RESERVE MEM_DECOMMIT MEM_RELEASE MEM_RESET MEM_TOP_DOWN MEM_WRITE_WATCH MEM_PHYSICAL
    MEM_RESET_UNDO MEM_LARGE_PAGES
]]);
pub const EVENT_FLAGS: Family = Family::Bits(&[names![CREATE_EVENT_MANUAL_RESET CREATE_EVENT_INITIAL_SET]]);
pub const MUTEX_FLAGS: Family = Family::Bits(&[names![CREATE_MUTEX_INITIAL_OWNER]]);
pub const TIMER_FLAGS: Family =
    Family::Bits(&[names![CREATE_WAITABLE_TIMER_MANUAL_RESET CREATE_WAITABLE_TIMER_HIGH_RESOLUTION]]);
pub const HANDLE_FLAGS: Family = Family::Bits(&[names![HANDLE_FLAG_INHERIT HANDLE_FLAG_PROTECT_FROM_CLOSE]]);
pub const DUPLICATION: Family = Family::Bits(&[names![DUPLICATE_CLOSE_SOURCE DUPLICATE_SAME_ACCESS]]);
pub const SHARING: Family = Family::Bits(&[names![FILE_SHARE_READ FILE_SHARE_WRITE FILE_SHARE_DELETE]]);
pub const DISPOSITION: Family =
    Family::One(names![CREATE_NEW CREATE_ALWAYS OPEN_EXISTING OPEN_ALWAYS TRUNCATE_EXISTING]);
pub const FILE_ATTRIBUTES: Family = Family::Bits(&[FILE_FLAGS]);
pub const ORIGIN: Family = Family::One(names![FILE_BEGIN FILE_CURRENT FILE_END]);
pub const LOCKING: Family = Family::Bits(&[names![LOCKFILE_FAIL_IMMEDIATELY LOCKFILE_EXCLUSIVE_LOCK]]);
pub const STREAM: Family = Family::One(names![STD_INPUT_HANDLE STD_OUTPUT_HANDLE STD_ERROR_HANDLE]);
pub const FILE_TYPE: Family =
    Family::One(names![FILE_TYPE_UNKNOWN FILE_TYPE_DISK FILE_TYPE_CHAR FILE_TYPE_PIPE]);
pub const PROCESS_CREATION: Family = Family::Bits(&[NEW_PROCESS]);
pub const THREAD_CREATION: Family =
    Family::Bits(&[names![CREATE_SUSPENDED STACK_SIZE_PARAM_IS_A_RESERVATION]]);
pub const LOCAL_MEMORY: Family = Family::Bits(&[names![
    LHND LPTR LMEM_MOVEABLE LMEM_NOCOMPACT LMEM_NODISCARD LMEM_ZEROINIT LMEM_DISCARDABLE
]]);
pub const MESSAGE: Family = Family::Bits(&[names![
    FORMAT_MESSAGE_ALLOCATE_BUFFER FORMAT_MESSAGE_IGNORE_INSERTS FORMAT_MESSAGE_FROM_STRING
    FORMAT_MESSAGE_FROM_HMODULE FORMAT_MESSAGE_FROM_SYSTEM FORMAT_MESSAGE_ARGUMENT_ARRAY
    FORMAT_MESSAGE_MAX_WIDTH_MASK
]]);
pub const CODE_PAGE: Family = Family::One(names![CP_ACP CP_OEMCP CP_THREAD_ACP CP_UTF8]);
pub const TO_WIDE: Family = Family::Bits(&[names![MB_PRECOMPOSED MB_ERR_INVALID_CHARS]]);
pub const FROM_WIDE: Family = Family::Bits(&[names![WC_ERR_INVALID_CHARS WC_NO_BEST_FIT_CHARS]]);
pub const TIME: Family = Family::One(names![INFINITE]);
pub const STATUS: Family = Family::One(names![
    STATUS_SUCCESS STATUS_UNSUCCESSFUL STATUS_INVALID_INFO_CLASS STATUS_INFO_LENGTH_MISMATCH
    STATUS_ACCESS_VIOLATION STATUS_INVALID_HANDLE STATUS_ACCESS_DENIED STATUS_OBJECT_TYPE_MISMATCH
    STATUS_SECTION_NOT_IMAGE STATUS_INTERNAL_ERROR STATUS_HANDLE_NOT_CLOSABLE
]);
pub const SECTION_CLASS: Family =
    Family::One(&[("SectionBasicInformation", 0), ("SectionImageInformation", 1)]);
pub const SHARED_MEMORY: Family = Family::One(names![
    SHARED_MEMORY_NOT_FOUND SHARED_MEMORY_PATH_NOT_FOUND SHARED_MEMORY_TOO_MANY_FILES
    SHARED_MEMORY_ACCESS_DENIED SHARED_MEMORY_STALE SHARED_MEMORY_NO_MEMORY SHARED_MEMORY_TORN
    SHARED_MEMORY_BAD_LENGTH SHARED_MEMORY_TRUNCATED SHARED_MEMORY_INVALID_PARAMETER
    SHARED_MEMORY_INVALID_NAME SHARED_MEMORY_BUSY SHARED_MEMORY_EXISTS SHARED_MEMORY_NAME_TOO_LONG
    SHARED_MEMORY_TIMEOUT SHARED_MEMORY_EMPTY SHARED_MEMORY_NO_SPACE
]);
pub const FOREVER: Family = Family::One(names![SHARED_MEMORY_FOREVER]);
pub const ERRORS: Family = Family::One(errors::TABLE);

/// All of src/consts/errors.rs.
mod errors {
    macro_rules! constants {
        (section errors { $($(#[doc = $doc:literal])* $name:ident: u32 = $value:expr;)* }) => {
            pub const TABLE: &[super::Constant] = &[$((stringify!($name), $value)),*];
        };
    }
    include!("../consts/errors.rs");
}

impl Family {
    /// Names for a value; of bits that have none, the number.
    pub fn put(&self, line: &mut Line, value: u32) {
        match self {
            Family::One(constants) => match constants.iter().find(|(_, known)| *known == value) {
                Some((name, _)) => line.push(name),
                None => put!(line, "{value}"),
            },
            Family::Pages(_) if (value & 0xFF).count_ones() > 1 => put!(line, "{value:#x}"),
            Family::View if value & FILE_MAP_ALL_ACCESS == 0 => put_bits(line, &[STANDARD], value),
            Family::View => put_bits(line, &[VIEW, STANDARD], value),
            Family::Bits(lists) | Family::Pages(lists) => put_bits(line, lists, value),
        }
    }
}

fn put_bits(line: &mut Line, lists: &[&[Constant]], value: u32) {
    let mut left = value;
    let mut separator = "";
    for &(name, bits) in lists.iter().copied().flatten() {
        // (Two sets may have some bits in common.)
        if value & bits == bits && left & bits != 0 {
            left &= !bits;
            line.push(separator);
            line.push(name);
            separator = "|";
        }
    }
    if left != 0 || value == 0 {
        line.push(separator);
        if left == 0 { line.push("0") } else { put!(line, "{left:#x}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(family: Family, value: u32) -> String {
        let mut line = Line::new();
        family.put(&mut line, value);
        std::str::from_utf8(line.bytes()).unwrap().to_string()
    }

    #[test]
    fn values_have_the_names_that_programs_write() {
        assert_eq!(named(RIGHTS_OF_VIEW, FILE_MAP_READ | FILE_MAP_WRITE), "FILE_MAP_WRITE|FILE_MAP_READ");
        assert_eq!(named(RIGHTS_OF_VIEW, FILE_MAP_ALL_ACCESS), "FILE_MAP_ALL_ACCESS");
        assert_eq!(named(RIGHTS_OF_VIEW, GENERIC_READ | GENERIC_WRITE), "GENERIC_WRITE|GENERIC_READ");
        assert_eq!(
            named(RIGHTS_OF_VIEW, FILE_MAP_READ | FILE_MAP_LARGE_PAGES),
            "FILE_MAP_READ|FILE_MAP_LARGE_PAGES"
        );
        assert_eq!(
            named(RIGHTS_OF_FILE, FILE_GENERIC_READ | FILE_GENERIC_WRITE),
            "FILE_GENERIC_READ|FILE_GENERIC_WRITE"
        );
        assert_eq!((named(LOCAL_MEMORY, LHND), named(LOCAL_MEMORY, LPTR)), ("LHND".into(), "LPTR".into()));
        assert_eq!(named(PROTECTION_OF_SECTION, PAGE_READONLY | SEC_IMAGE), "PAGE_READONLY|SEC_IMAGE");
        assert_eq!(
            named(RIGHTS_OF_EVENT, SYNCHRONIZE | EVENT_MODIFY_STATE),
            "EVENT_MODIFY_STATE|SYNCHRONIZE"
        );
        assert_eq!(named(PROTECTION_OF_SECTION, PAGE_READWRITE | SEC_COMMIT), "PAGE_READWRITE|SEC_COMMIT");
        assert_eq!(named(PROTECTION, 0), "0");
        assert_eq!(named(PROTECTION, FILE_MAP_ALL_ACCESS), "0xf001f");
        assert_eq!(named(SHARING, FILE_SHARE_READ | 0x100), "FILE_SHARE_READ|0x100");
        assert_eq!(named(ERRORS, 6), "ERROR_INVALID_HANDLE");
        assert_eq!((named(ERRORS, 77777), named(ERRORS, 0)), ("77777".into(), "ERROR_SUCCESS".into()));
        assert_eq!(named(TIME, INFINITE), "INFINITE");
    }
}
