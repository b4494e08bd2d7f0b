//! Security descriptors: who may open an object.

#![forbid(unsafe_code)]

/// Whom a security descriptor lets open an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Audience {
    /// There is no descriptor: whoever is usual for this kind of object.
    Usual,
}
