//! One thing for each role, found without a search: what is settled once and asked for in every row.

use std::ops::{Index, IndexMut};

use super::synonyms::SYNONYMS;
use crate::inventory::Role;

const ROLES: usize = SYNONYMS.len();

// Every role that is listed has a place here; that every role is listed is tested below.
const _: () = {
    let mut at = 0;
    while at < ROLES {
        assert!((SYNONYMS[at].0 as usize) < ROLES, "roles are numbered from 0 without a gap");
        at += 1;
    }
};

/// One thing for each role.
#[derive(Debug, Clone)]
pub(super) struct ByRole<T>([T; ROLES]);

impl<T> ByRole<T> {
    /// Made for each role in the order in which they are declared; `of` is told their numbers.
    pub(super) fn new(mut of: impl FnMut(Role) -> T) -> Self {
        let mut roles = SYNONYMS.iter().map(|(role, ..)| *role).collect::<Vec<_>>();
        roles.sort_unstable_by_key(|role| *role as usize);
        Self(std::array::from_fn(|at| of(roles.get(at).copied().unwrap_or(Role::Time))))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut()
    }
}

impl<T> Index<Role> for ByRole<T> {
    type Output = T;

    #[inline]
    fn index(&self, role: Role) -> &T {
        &self.0[role as usize]
    }
}

impl<T> IndexMut<Role> for ByRole<T> {
    #[inline]
    fn index_mut(&mut self, role: Role) -> &mut T {
        &mut self.0[role as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_its_own_place() {
        let mut places: Vec<usize> = SYNONYMS.iter().map(|(role, ..)| *role as usize).collect();
        places.sort_unstable();
        assert_eq!(places, (0..ROLES).collect::<Vec<_>>());
        // The role that is declared last: a new one must be listed, too.
        assert_eq!(Role::Case as usize + 1, ROLES);
        let roles = ByRole::new(|role| role);
        assert!(SYNONYMS.iter().all(|(role, ..)| roles[*role] == *role));
    }
}
