//! Modules: what Windows calls libraries and programs.

/// A module is known by an address, as on Windows.
pub type Module = usize;

/// This library under the names of Windows' system libraries. Its address is one of its
/// own data, so that it differs from the program's also where it is linked into that.
pub fn library() -> Module {
    static LIBRARY: u64 = 0;
    (&raw const LIBRARY).addr()
}

pub fn is_library(module: Module) -> bool {
    module == library()
}
