//! Every range that the library mapped, by address. Whoever changes mappings
//! holds this lock for writing, so what is found here is mapped.

#![forbid(unsafe_code)]

use super::region::Region;
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

static REGIONS: RwLock<Regions> = RwLock::new(Regions(BTreeMap::new()));

/// By base address. Regions do not overlap. Boxed: a node of the tree has room
/// for eleven, and usually one is used.
pub struct Regions(BTreeMap<usize, Box<Region>>);

pub fn read() -> RwLockReadGuard<'static, Regions> {
    REGIONS.read().unwrap_or_else(PoisonError::into_inner)
}

pub fn write() -> RwLockWriteGuard<'static, Regions> {
    REGIONS.write().unwrap_or_else(PoisonError::into_inner)
}

impl Regions {
    pub fn insert(&mut self, region: Region) {
        self.0.insert(region.base, Box::new(region));
    }

    pub fn remove(&mut self, base: usize) -> Option<Box<Region>> {
        self.0.remove(&base)
    }

    /// The region that an address lies in.
    pub fn at(&self, address: usize) -> Option<&Region> {
        self.0
            .range(..=address)
            .next_back()
            .map(|(_, region)| &**region)
            .filter(|region| address < region.end())
    }

    pub fn at_mut(&mut self, address: usize) -> Option<&mut Region> {
        let last = self.0.range_mut(..=address).next_back().map(|(_, region)| &mut **region);
        last.filter(|region| address < region.end())
    }

    /// The room around an address that lies in no region.
    pub fn gap(&self, address: usize) -> (usize, usize) {
        let start = self.0.range(..=address).next_back().map_or(0, |(_, region)| region.end());
        let end = self.0.range(address..).next().map_or(usize::MAX, |(&base, _)| base);
        (start, end)
    }
}
