//! Where mappings go: at multiples of 64 KiB, as on Windows.

use crate::error::Error;
use crate::sys::map::{self, Access, Contents, PAGE_SIZE, Place};
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

/// Addresses of views and allocations are multiples of this.
pub const GRANULARITY: usize = 0x1_0000;

/// The last address given out. Below it there is usually room, so that one
/// call finds an aligned place. Only a hint: every use is checked.
static LATEST: AtomicUsize = AtomicUsize::new(0);

/// Maps at an address of the library's choice, a multiple of `granularity`.
pub fn map_anywhere(
    length: usize,
    granularity: usize,
    access: Access,
    contents: Contents,
) -> Result<usize, Error> {
    let span = length.checked_next_multiple_of(granularity).ok_or(Error::Os(libc::ENOMEM))?;
    let below = LATEST.load(Relaxed).checked_sub(span).map(|wish| wish / granularity * granularity);
    if let Some(wish) = below.filter(|&wish| wish >= super::LOWEST) {
        let address = map::map(Place::Near(wish), length, access, contents)?;
        if address % granularity == 0 {
            LATEST.store(address, Relaxed);
            return Ok(address);
        }
        // SAFETY: mapped a moment ago; nobody else knows it.
        unsafe { map::unmap(address, length)? };
    }
    let address = map_in_a_hole(length, granularity, access, contents)?;
    LATEST.store(address, Relaxed);
    Ok(address)
}

/// Takes more addresses than needed and gives back what is not aligned.
fn map_in_a_hole(
    length: usize,
    granularity: usize,
    access: Access,
    contents: Contents,
) -> Result<usize, Error> {
    let slack = length.checked_next_multiple_of(PAGE_SIZE).and_then(|length| length.checked_add(granularity));
    let slack = slack.ok_or(Error::Os(libc::ENOMEM))?;
    let hole = map::map(Place::Anywhere, slack, Access::NONE, Contents::Zero)?;
    let address = hole.next_multiple_of(granularity);
    // SAFETY: within the hole, which is ours.
    let placed = unsafe { map::replace(address, length, access, contents) };
    let used = if placed.is_ok() { length.next_multiple_of(PAGE_SIZE) } else { 0 };
    for (start, end) in [(hole, address), (address + used, hole + slack)] {
        if start < end {
            // Without room for another mapping it stays taken: addresses, no memory.
            // SAFETY: the part of the hole that was not used.
            let _ = unsafe { map::unmap(start, end - start) };
        }
    }
    placed.map(|()| address)
}

/// Maps at a given aligned address, or fails when anything is there.
pub fn map_at(address: usize, length: usize, access: Access, contents: Contents) -> Result<usize, Error> {
    let fits =
        address >= super::LOWEST && address.checked_add(length).is_some_and(|end| end <= super::HIGHEST + 1);
    if !fits {
        return Err(Error::InvalidParameter);
    }
    map::map(Place::At(address), length, access, contents).map_err(|error| match error {
        Error::Os(libc::EEXIST | libc::EPERM | libc::EINVAL) => Error::InvalidAddress,
        error => error,
    })
}

/// Told after a mapping was removed: its addresses are the best next choice.
pub fn freed(address: usize, length: usize) {
    let end = address.saturating_add(length.next_multiple_of(GRANULARITY));
    let _ = LATEST.compare_exchange(address, end, Relaxed, Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mappings_are_aligned_apart_and_reuse_the_last_place() {
        let take = |length| map_anywhere(length, GRANULARITY, Access::READ_WRITE, Contents::Zero).unwrap();
        // SAFETY: mapped by the test.
        let give = |address, length| unsafe { map::unmap(address, length) }.unwrap();
        let all: Vec<_> = (1..40).map(|pages| (take(pages * PAGE_SIZE), pages * PAGE_SIZE)).collect();
        for (index, &(address, length)) in all.iter().enumerate() {
            assert_eq!(address % GRANULARITY, 0);
            for &(other, other_length) in &all[index + 1..] {
                assert!(address + length <= other || other + other_length <= address);
            }
        }
        all.iter().for_each(|&(address, length)| give(address, length));
    }

    #[test]
    fn a_taken_address_is_refused() {
        let address = map_anywhere(GRANULARITY, GRANULARITY, Access::NONE, Contents::Zero).unwrap();
        let again = map_at(address, PAGE_SIZE, Access::NONE, Contents::Zero);
        assert_eq!(again, Err(Error::InvalidAddress));
        assert_eq!(map_at(0, PAGE_SIZE, Access::NONE, Contents::Zero), Err(Error::InvalidParameter));
        // SAFETY: mapped by the test.
        unsafe { map::unmap(address, GRANULARITY) }.unwrap();
    }
}
