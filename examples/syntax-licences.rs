//! The licences of the grammars that code is coloured by, for `.ci/licences`.

fn main() {
    print!("{}", two_face::acknowledgement::listing().to_md());
}
