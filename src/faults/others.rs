//! What else a process is doing when it is killed or stopped: files that go with their last
//! handle, handles that programs inherit, pages.

use super::api::{self, Kind};
use super::scenes::{Peer, Scene, scene};
use crate::consts::*;
use crate::plant::deeds::arm;

/// Files that go with their last handle, and handles that programs inherit.
pub fn others() -> Vec<Scene> {
    vec![
        scene("delete a file with its last handle", &[], Peer::Nobody, |_| {
            arm();
            let path = super::base().join("doomed").to_string_lossy().into_owned();
            let file = api::open_file(&path, FILE_FLAG_DELETE_ON_CLOSE).unwrap();
            api::close(file).unwrap();
        }),
        scene(
            "start a program that inherits",
            &[(Kind::AutoEvent, "kept"), (Kind::Section, "shown")],
            Peer::Nobody,
            |victim| {
                let objects = victim.all();
                arm();
                let path = super::base().join("doomed").to_string_lossy().into_owned();
                let file = api::open_file(&path, FILE_FLAG_DELETE_ON_CLOSE).unwrap();
                objects.iter().chain([&file]).for_each(|object| api::set_inherited(*object, true).unwrap());
                api::run_program("/bin/true").unwrap();
                objects.into_iter().chain([file]).for_each(|object| api::close(object).unwrap());
            },
        ),
        scene("read and write a file", &[], Peer::Nobody, |_| {
            arm();
            let path = super::base().join("doomed").to_string_lossy().into_owned();
            let flags = FILE_FLAG_DELETE_ON_CLOSE | FILE_FLAG_SEQUENTIAL_SCAN;
            let file = api::open_file(&path, flags).unwrap();
            api::write_file(file, b"something").unwrap();
            api::lock_file(file, 9).unwrap();
            api::read_file_from_start(file, &mut [0; 9]).unwrap();
            api::close(api::duplicate(file).unwrap()).unwrap();
            api::close(file).unwrap();
        }),
        scene("use the pages of a view", &[(Kind::FileSection, "paged")], Peer::Nobody, |victim| {
            let section = victim.all()[0];
            arm();
            let view = api::map(section).unwrap();
            api::close(section).unwrap();
            // SAFETY: within a view of two pages.
            unsafe { view.write_volatile(1) };
            api::flush_view(view).unwrap();
            api::prefetch_pages(view, 8192).unwrap();
            api::lock_pages(view, 4096).unwrap();
            api::protect(view, 4096, PAGE_READONLY).unwrap();
            api::unlock_pages(view, 4096).unwrap();
            assert_eq!(api::unlock_pages(view, 4096), Err(ERROR_NOT_LOCKED));
            api::unmap(view).unwrap();
        }),
        scene("sections without a name", &[], Peer::Nobody, |_| {
            arm();
            let section = api::nameless_section().unwrap();
            api::unmap(api::map(section).unwrap()).unwrap();
            api::close(section).unwrap();
        }),
        scene("start a thread, and sleep", &[], Peer::Nobody, |_| {
            arm();
            api::run_thread().unwrap();
        }),
        scene("end a program", &[], Peer::Nobody, |_| {
            arm();
            api::end_program("/bin/sleep 0.1").unwrap();
        }),
    ]
}
