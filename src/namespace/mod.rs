//! Names across processes: one file per named object.
//!
//! On disk:
//! * `/dev/shm/.winshm-UID/` (mode 0700) holds the objects of one user:
//!   `L.NAME` for `Local\` and plain names, `G.NAME` for `Global\`;
//! * `/dev/shm/.winshm-global/` holds the `Global\` objects of all users who may
//!   use it, if an administrator made it (owned by root, not sticky): one name
//!   space, while each object still is its creator's. `WINSHM_DIR` moves both;
//! * a file is `[data][commit map][long name][control page]` (`layout`): data
//!   begins at offset 0, so that any program can map it;
//! * a shared lock on the file means: a handle is open somewhere (`lifetime`);
//! * `L!guard`, `G!guard`: what commits on the directory's synchronisation objects
//!   agree on (`sync::guard`). Held by every process that has such an object;
//! * `S.IDENTITY` is the ledger of a segment of the system (`ledger_file`): it stays
//!   as long as the segment, with and without a lock;
//! * `D.FILE` names a file of the program that is to be deleted when nobody holds the
//!   note (`delete_note`);
//! * any other file without such a lock is a leftover of a killed process, whatever it
//!   contains; whoever meets it removes it, and each process looks once (`sweep`).

mod asked;
mod carrier;
pub mod delete_note;
mod directory;
#[cfg(feature = "tool")]
pub mod existing;
mod file_key;
mod guard_file;
pub mod layout;
pub mod ledger_file;
mod lifetime;
mod look;
mod named_file;
mod removal;
mod standing;
mod sweep;

pub use asked::{Asked, Claim};
pub use carrier::Carrier;
pub use directory::base;
pub use file_key::FileKey;
pub use guard_file::{carried_guards, carry_guards, guard, guard_to_create, release_guards};
pub use ledger_file::{LedgerFile, Permissions};
pub use lifetime::{Commitment, Outcome, Plan, create, open};
pub use look::{Alike, alike, is_closed, is_common, kind_of};
pub use named_file::{ControlPage, NamedFile};
#[cfg(feature = "tool")]
pub use standing::{Standing, Unfit};

use crate::name::Scope;

/// Whether a create made the object or found it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Created {
    Yes,
    No,
}

/// At the end of the process: looks again, if a look at what a closed handle left
/// was missed.
pub fn remove_missed() {
    if removal::take_missed() {
        [Scope::Local, Scope::Global].into_iter().filter_map(directory::of_known).for_each(|directory| {
            sweep::everything(&directory);
        });
    }
}
