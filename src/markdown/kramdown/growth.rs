//! How much a page may grow by what it names again and again.
//!
//! A link's address, the meaning of an abbreviation and a list of attributes are written once and used any number of
//! times, and rows of a table get the cells that they lack. Without a bound, a page of a megabyte could become one of a
//! terabyte. Each use is paid from one budget, which no page that people write comes near.

use std::cell::Cell;

/// What is left of a page's budget, in bytes.
#[derive(Debug)]
pub struct Growth {
    left: Cell<usize>,
    is_spent: Cell<bool>,
}

impl Growth {
    /// The budget of a page of this length.
    pub fn of(length: usize) -> Growth {
        const TIMES: usize = 8;
        const LEAST: usize = 100_000;
        Growth { left: Cell::new((TIMES * length).max(LEAST)), is_spent: Cell::new(false) }
    }

    /// Takes some of it; `false` when there is not as much left.
    pub fn take(&self, length: usize) -> bool {
        match self.left.get().checked_sub(length) {
            Some(left) => self.left.set(left),
            None => self.is_spent.set(true),
        }
        !self.is_spent.get()
    }

    /// Whether more was asked for than there was.
    pub fn is_spent(&self) -> bool {
        self.is_spent.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_refused_once_stays_refused() {
        let growth = Growth::of(10);
        assert!(growth.take(99_999) && growth.take(1) && !growth.is_spent());
        assert!(!growth.take(1) && growth.is_spent());
        assert!(!growth.take(0));
    }
}
