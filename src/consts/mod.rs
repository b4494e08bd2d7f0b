// Every Windows constant, once: `lib.rs` turns the table into Rust constants and
// `build.rs` into the `#define`s of the C header, where the spelling of the
// value (0x04, not 4) survives. Values are Microsoft's and never change.
//
// Included, not modules: what includes this file says what `constants!` makes of them.

include!("errors.rs");
include!("handles.rs");
include!("security.rs");
include!("memory.rs");
include!("texts.rs");
include!("synchronisation.rs");
include!("files.rs");
include!("processes.rs");
include!("system.rs");
include!("nt.rs");
include!("shared_memory.rs");
