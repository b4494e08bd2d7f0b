//! Processes and threads, by handle.

use super::handles::{CURRENT_PROCESS, CURRENT_THREAD};
use super::{Grant, Object, TABLE, inherit, standard, with};
use crate::access;
use crate::consts::*;
use crate::error::Error;
use crate::file::{self, Stream};
use crate::fork::{self, Inside};
use crate::handle::{Entry, Flags, Handle};
use crate::mark;
use crate::process::{self, Making, Program, Task, Thread};
use crate::sys::heap;
use std::os::fd::OwnedFd;
use std::sync::Arc;

pub fn open_process(id: u32, desired: Grant) -> Result<Handle, Error> {
    let inside = fork::enter();
    let task = Task::process(id)?;
    let granted = access::PROCESS.for_open(desired.access)?;
    if granted & PROCESS_TERMINATE != 0 && !task.may_be_terminated() {
        return Err(Error::AccessDenied);
    }
    inherit::publish(&inside, Entry::new(Object::Process(task)), granted, desired.flags)
}

/// The process of a handle that has one of these rights. (Letting go of it takes
/// locks, so the caller is inside.)
fn process_of(_inside: &Inside, handle: Handle, rights: u32) -> Result<Arc<Task>, Error> {
    if handle == CURRENT_PROCESS {
        return Task::process(process::id());
    }
    let mark = mark::enter();
    let object = TABLE.get(&mark, handle)?;
    match &*object {
        Object::Process(_) if object.access() & rights == 0 => Err(Error::AccessDenied),
        Object::Process(task) => Ok(task.clone()),
        _ => Err(Error::InvalidHandle),
    }
}

const ANY_QUERY: u32 = PROCESS_QUERY_INFORMATION | PROCESS_QUERY_LIMITED_INFORMATION;

pub fn process_exit_code(handle: Handle) -> Result<u32, Error> {
    if handle == CURRENT_PROCESS {
        return Ok(process::STILL_ACTIVE);
    }
    let inside = fork::enter();
    let task = process_of(&inside, handle, ANY_QUERY)?;
    task.exit_code()
}

pub fn process_id(handle: Handle) -> Result<u32, Error> {
    if handle == CURRENT_PROCESS {
        return Ok(process::id());
    }
    let inside = fork::enter();
    let task = process_of(&inside, handle, ANY_QUERY)?;
    Ok(task.id())
}

pub fn terminate_process(handle: Handle, code: u32) -> Result<(), Error> {
    if handle == CURRENT_PROCESS {
        // Without a descriptor, of which there may be none left.
        process::exit_now(code);
    }
    let inside = fork::enter();
    let task = process_of(&inside, handle, PROCESS_TERMINATE)?;
    task.terminate(code)
}

/// The standard streams of a new process: files; None: ours, or what `set_standard` set.
pub type Streams = Option<[Handle; 3]>;

/// Starts a program; returns handles of the process and of its first thread, and the
/// process's id, which is the thread's too.
pub fn create_process(
    program: &Program,
    streams: Streams,
    inherits: bool,
    flags: [Flags; 2],
) -> Result<(Handle, Handle, u32), Error> {
    heap::has_room()?;
    let inside = fork::enter();
    let files = match streams {
        None if inherits => {
            let [input, output, errors] = [Stream::Input, Stream::Output, Stream::Error];
            [standard::inheritable(input)?, standard::inheritable(output)?, standard::inheritable(errors)?]
        }
        None => Default::default(),
        Some([input, output, errors]) => [stream(input)?, stream(output)?, stream(errors)?],
    };
    let task = match inherits {
        true => process::spawn(&inside, program, &files, &[])?,
        false => inherit::with_descriptors(&inside, |own| process::spawn(&inside, program, &files, &own))?,
    };
    let objects = [
        (Object::Process(task.clone()), access::PROCESS.all, flags[0]),
        // It lives as long as its process: Linux lets no other thread go on without it
        // noticeably.
        (Object::Thread(Thread::Other(task.clone())), access::THREAD.all, flags[1]),
    ];
    let publish = |(object, access, flags)| inherit::publish(&inside, Entry::new(object), access, flags);
    let [process, thread] = objects.map(publish);
    match (process, thread) {
        (Ok(process), Ok(thread)) => Ok((process, thread, task.id())),
        (process, thread) => {
            // Who gets no handle has no process.
            let _ = task.terminate(1);
            let error = process.err().or(thread.err());
            [process, thread].into_iter().flatten().for_each(|made| {
                let _ = inherit::close(&inside, made);
            });
            Err(error.unwrap_or(Error::Internal))
        }
    }
}

/// A descriptor of a file for a child. There is nothing to be had from no file.
fn stream(handle: Handle) -> Result<Option<OwnedFd>, Error> {
    let file = match handle {
        0 | CURRENT_PROCESS => file::open_nothing()?,
        _ => with(handle, |object| object.file()?.export().map(|(file, _)| file))?,
    };
    Ok(Some(file))
}

/// Makes a thread; returns the handle and the thread's id.
pub fn create_thread(making: &Making, grant: Grant) -> Result<(Handle, u32), Error> {
    let thread = Thread::create(making)?;
    let id = thread.id();
    let inside = fork::enter();
    let entry = Entry::new(Object::Thread(thread.clone()));
    let published = inherit::publish(&inside, entry, grant.access, grant.flags);
    thread.begin(published.is_ok());
    Ok((published?, id))
}

pub fn open_thread(id: u32, desired: Grant) -> Result<Handle, Error> {
    let inside = fork::enter();
    let thread = Thread::open(id)?;
    let granted = access::THREAD.for_open(desired.access)?;
    inherit::publish(&inside, Entry::new(Object::Thread(thread)), granted, desired.flags)
}

/// The thread of a handle that has one of these rights.
fn thread_of(_inside: &Inside, handle: Handle, rights: u32) -> Result<Thread, Error> {
    if handle == CURRENT_THREAD {
        return Thread::current();
    }
    let mark = mark::enter();
    let object = TABLE.get(&mark, handle)?;
    match &*object {
        Object::Thread(_) if object.access() & rights == 0 => Err(Error::AccessDenied),
        Object::Thread(thread) => Ok(thread.clone()),
        _ => Err(Error::InvalidHandle),
    }
}

const ANY_THREAD_QUERY: u32 = THREAD_QUERY_INFORMATION | THREAD_QUERY_LIMITED_INFORMATION;

pub fn thread_exit_code(handle: Handle) -> Result<u32, Error> {
    let inside = fork::enter();
    let thread = thread_of(&inside, handle, ANY_THREAD_QUERY)?;
    thread.exit_code()
}

pub fn thread_id(handle: Handle) -> Result<u32, Error> {
    if handle == CURRENT_THREAD {
        return Ok(process::thread_id());
    }
    let inside = fork::enter();
    let thread = thread_of(&inside, handle, ANY_THREAD_QUERY)?;
    Ok(thread.id())
}

/// Returns how often the thread was suspended.
pub fn resume_thread(handle: Handle) -> Result<u32, Error> {
    let inside = fork::enter();
    let thread = thread_of(&inside, handle, THREAD_SUSPEND_RESUME)?;
    Ok(thread.resume())
}
