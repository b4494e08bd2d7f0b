//! The arguments of a variadic function, which Rust cannot read.

/// What C calls a va_list on x86-64 Linux (System V ABI, 3.5.7). Arguments that are not
/// floating-point numbers have eight bytes each: the first ones in the area where the
/// function saved its registers, the others on the stack.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct va_list {
    /// Where the next argument stands in the area; from its end on they are on the stack.
    gp_offset: u32,
    fp_offset: u32,
    overflow_arg_area: *const u64,
    reg_save_area: *const u64,
}

/// The size of the six registers for such arguments.
const REGISTERS: u32 = 48;

impl va_list {
    /// Where the argument stands that comes `index` after the next one, if there are so
    /// many, and all up to it are no floating-point numbers.
    pub fn slot(&self, index: usize) -> *const u64 {
        let in_registers = (REGISTERS.saturating_sub(self.gp_offset) / 8) as usize;
        match index.checked_sub(in_registers) {
            None => self.reg_save_area.wrapping_add(self.gp_offset as usize / 8 + index),
            Some(on_stack) => self.overflow_arg_area.wrapping_add(on_stack),
        }
    }
}

const _: () = assert!(size_of::<va_list>() == 24);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registers_come_before_the_stack() {
        let (registers, stack) = ([1_u64, 2, 3, 4, 5, 6], [7_u64, 8]);
        let arguments = |gp_offset, count: usize| -> Vec<u64> {
            let list = va_list {
                gp_offset,
                fp_offset: 48,
                overflow_arg_area: stack.as_ptr(),
                reg_save_area: registers.as_ptr(),
            };
            let slots = (0..count).map(|index| list.slot(index));
            // SAFETY: each of the count is in one of the two arrays.
            slots.map(|slot| unsafe { slot.read() }).collect()
        };
        assert_eq!(arguments(0, 8), [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(arguments(8, 7), [2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(arguments(40, 3), [6, 7, 8]);
        assert_eq!(arguments(48, 2), [7, 8]);
    }
}
