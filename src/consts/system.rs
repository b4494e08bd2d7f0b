// The machine.

constants! {
    section system {
        /// x86-64.
        PROCESSOR_ARCHITECTURE_AMD64: u16 = 9;
        /// x86-64.
        PROCESSOR_AMD_X8664: u32 = 8664;
    }
}
