//! The words of security descriptors that are written as text, and what they mean.

use super::sid::Sid;
use crate::consts::*;

/// Identifiers that mean the same everywhere.
pub const SIDS: &[(&str, Sid)] = &[
    ("AC", Sid::new(15, &[2, 1])),
    ("AN", Sid::new(5, &[7])),
    ("AO", Sid::new(5, &[32, 548])),
    ("AU", Sid::new(5, &[11])),
    ("BA", Sid::new(5, &[32, 544])),
    ("BG", Sid::new(5, &[32, 546])),
    ("BO", Sid::new(5, &[32, 551])),
    ("BU", Sid::new(5, &[32, 545])),
    ("CG", Sid::new(3, &[1])),
    ("CO", Sid::new(3, &[0])),
    ("ED", Sid::new(5, &[9])),
    ("HI", Sid::new(16, &[0x3000])),
    ("IU", Sid::new(5, &[4])),
    ("LS", Sid::new(5, &[19])),
    ("LW", Sid::new(16, &[0x1000])),
    ("ME", Sid::new(16, &[0x2000])),
    ("MP", Sid::new(16, &[0x2100])),
    ("NO", Sid::new(5, &[32, 556])),
    ("NS", Sid::new(5, &[20])),
    ("NU", Sid::new(5, &[2])),
    ("OW", Sid::new(3, &[4])),
    ("PO", Sid::new(5, &[32, 550])),
    ("PS", Sid::new(5, &[10])),
    ("PU", Sid::new(5, &[32, 547])),
    ("RC", Sid::new(5, &[12])),
    ("RD", Sid::new(5, &[32, 555])),
    ("RE", Sid::new(5, &[32, 552])),
    ("RU", Sid::new(5, &[32, 554])),
    ("SI", Sid::new(16, &[0x4000])),
    ("SO", Sid::new(5, &[32, 549])),
    ("SU", Sid::new(5, &[6])),
    ("SY", Sid::new(5, &[18])),
    ("WD", Sid::new(1, &[0])),
    ("WR", Sid::new(5, &[33])),
];

/// Identifiers that belong to a domain, which a Linux system does not have.
pub const OF_A_DOMAIN: &[&str] = &[
    "AA", "AP", "CA", "CN", "CY", "DA", "DC", "DD", "DG", "DU", "EA", "EK", "ER", "ES", "HA", "IS", "KA",
    "LA", "LG", "MS", "MU", "PA", "RA", "RM", "RO", "RS", "SA", "SS", "UD",
];

/// Kinds of entries.
pub const KINDS: &[(&str, u8)] = &[
    ("A", ACCESS_ALLOWED_ACE_TYPE),
    ("D", ACCESS_DENIED_ACE_TYPE),
    ("AU", SYSTEM_AUDIT_ACE_TYPE),
    ("ML", SYSTEM_MANDATORY_LABEL_ACE_TYPE),
];

/// Flags of entries.
pub const FLAGS: &[(&str, u8)] = &[
    ("OI", OBJECT_INHERIT_ACE),
    ("CI", CONTAINER_INHERIT_ACE),
    ("NP", NO_PROPAGATE_INHERIT_ACE),
    ("IO", INHERIT_ONLY_ACE),
    ("ID", INHERITED_ACE),
    ("SA", SUCCESSFUL_ACCESS_ACE_FLAG),
    ("FA", FAILED_ACCESS_ACE_FLAG),
];

/// Rights of entries.
pub const RIGHTS: &[(&str, u32)] = &[
    ("GA", GENERIC_ALL),
    ("GR", GENERIC_READ),
    ("GW", GENERIC_WRITE),
    ("GX", GENERIC_EXECUTE),
    ("RC", READ_CONTROL),
    ("SD", DELETE),
    ("WD", WRITE_DAC),
    ("WO", WRITE_OWNER),
    // The rights of directory objects, files and registry keys by their bits.
    ("CC", 0x1),
    ("DC", 0x2),
    ("LC", 0x4),
    ("SW", 0x8),
    ("RP", 0x10),
    ("WP", 0x20),
    ("DT", 0x40),
    ("LO", 0x80),
    ("CR", 0x100),
    ("FA", 0x1f_01ff),
    ("FR", 0x12_0089),
    ("FW", 0x12_0116),
    ("FX", 0x12_00a0),
    ("KA", 0xf_003f),
    ("KR", 0x2_0019),
    ("KW", 0x2_0006),
    ("KX", 0x2_0019),
];

/// The rights of a mandatory label are what it keeps lower levels from.
pub const LABEL_RIGHTS: &[(&str, u32)] = &[("NW", 1), ("NR", 2), ("NX", 4)];
