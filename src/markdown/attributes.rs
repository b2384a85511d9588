//! The attributes of an element.

use std::borrow::Cow;

/// Id, classes and the other attributes of one node.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Attributes<'t> {
    /// `id="…"`.
    pub id: Option<Cow<'t, str>>,
    /// `class="…"`, one by one, in order, each once.
    pub classes: Vec<Cow<'t, str>>,
    /// All others, in order, each name once.
    pub others: Vec<(Cow<'t, str>, Cow<'t, str>)>,
}

/// An element keeps no more classes and no more attributes than this: each new one is looked for among all.
const MOST_ATTRIBUTES: usize = 1000;

impl<'t> Attributes<'t> {
    /// Its length in bytes, about.
    pub fn size(&self) -> usize {
        let id = self.id.as_ref().map_or(0, |id| id.len());
        let classes: usize = self.classes.iter().map(|class| class.len() + 1).sum();
        id + classes + self.others.iter().map(|(name, value)| name.len() + value.len() + 4).sum::<usize>()
    }

    /// Adds a class unless it is there.
    pub fn add_class(&mut self, class: impl Into<Cow<'t, str>>) {
        let class = class.into();
        if self.classes.len() < MOST_ATTRIBUTES && !self.classes.contains(&class) {
            self.classes.push(class);
        }
    }

    /// Sets an attribute other than `id` and `class`; the last value wins.
    pub fn set(&mut self, name: impl Into<Cow<'t, str>>, value: impl Into<Cow<'t, str>>) {
        let (name, value) = (name.into(), value.into());
        match self.others.iter().position(|(n, _)| *n == name) {
            Some(index) => self.others[index].1 = value,
            None if self.others.len() < MOST_ATTRIBUTES => self.others.push((name, value)),
            None => {}
        }
    }

    /// Joins another list into this one: classes add up, the other's id and values win.
    pub fn merge(&mut self, other: Attributes<'t>) {
        if other.id.is_some() {
            self.id = other.id;
        }
        for class in other.classes {
            self.add_class(class);
        }
        for (name, value) in other.others {
            self.set(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merged_attributes_join_classes_and_let_the_last_value_win() {
        let mut first = Attributes { id: Some("a".into()), ..Attributes::default() };
        first.add_class("x");
        first.set("k", "1");
        let mut second = Attributes { id: Some("b".into()), ..Attributes::default() };
        second.add_class("x");
        second.add_class("y");
        second.set("k", "2");
        first.merge(second);
        assert_eq!(first.id.as_deref(), Some("b"));
        assert_eq!(first.classes, ["x", "y"]);
        assert_eq!(first.others, [("k".into(), "2".into())]);
    }
}
