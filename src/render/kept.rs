//! Values for templates that many pages share: what the template engine wants is made of each only once.

use std::sync::OnceLock;

use serde::{Serialize, Serializer};
use tera::Value;

/// A value as the template engine has it. It is handed on without a copy of what is in it.
#[derive(Debug, Clone)]
pub struct Kept(Value);

impl Serialize for Kept {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// Values by number, each made when it is first asked for.
#[derive(Debug, Default)]
pub struct Shelf(Vec<OnceLock<Kept>>);

impl Shelf {
    /// One with room for so many.
    pub fn new(n: usize) -> Shelf {
        Shelf((0..n).map(|_| OnceLock::new()).collect())
    }

    /// The value of a number below that.
    pub fn get<T: Serialize>(&self, number: usize, make: impl FnOnce() -> T) -> Kept {
        self.0[number].get_or_init(|| Kept(Value::from_serializable(&make()))).clone()
    }
}
