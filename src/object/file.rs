//! What can be done with files.

use super::{Grant, Object, inherit, with};
use crate::access;
use crate::error::Error;
use crate::file::{self, OpenFile, Request};
use crate::fork;
use crate::handle::{Entry, Handle};
use crate::namespace::Created;

/// Opens or makes a file. `desired` is what the caller asks for; every handle may be
/// waited for and asked about, as on Windows.
pub fn create_file(mut request: Request, desired: Grant) -> Result<(Handle, Created), Error> {
    use crate::consts::{DELETE, FILE_READ_ATTRIBUTES, MAXIMUM_ALLOWED, SYNCHRONIZE};
    let deletes = if request.delete_on_close { DELETE } else { 0 };
    request.as_permitted = desired.access & MAXIMUM_ALLOWED != 0;
    request.access =
        access::FILE.for_duplicate(desired.access)? | SYNCHRONIZE | FILE_READ_ATTRIBUTES | deletes;
    let inside = fork::enter();
    let opened = file::open(&request)?;
    // A file that was there has a security descriptor already.
    let (created, flags) = match opened.existed {
        true => (Created::No, desired.flags.visible()),
        false => (Created::Yes, desired.flags),
    };
    let entry = Entry::new(Object::File(Box::new(opened.file)));
    Ok((inherit::publish(&inside, entry, opened.granted, flags)?, created))
}

#[allow(dead_code, reason = "transfers and sections come next")]
/// What a handle may do with its file, and the file. `body` must not sleep.
pub(super) fn with_file<R>(
    handle: Handle,
    body: impl FnOnce(&OpenFile, u32) -> Result<R, Error>,
) -> Result<R, Error> {
    with(handle, |object| body(object.file()?, object.access()))
}
