//! The colours of all pictures.

/// Red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

impl Colour {
    /// Half way to the paper.
    pub fn lighter(self) -> Self {
        let Self(red, green, blue) = self;
        let half = |part: u8| part / 2 + 128;
        Self(half(red), half(green), half(blue))
    }
}

/// Text, and what is measured against.
pub const INK: Colour = Colour(0x1f, 0x29, 0x37);
/// Secondary text and reference lines.
pub const GREY: Colour = Colour(0x6b, 0x72, 0x80);

pub(super) const PAPER: Colour = Colour(0xff, 0xff, 0xff);
pub(super) const GRID: Colour = Colour(0xee, 0xf0, 0xf3);
pub(super) const AXIS: Colour = Colour(0xc9, 0xcd, 0xd4);
pub(super) const ALARM: Colour = Colour(0xfd, 0xed, 0xec);
pub(super) const ALARM_TEXT: Colour = Colour(0xc0, 0x26, 0x1f);
pub(super) const ASIDE: Colour = Colour(0xf3, 0xf4, 0xf6);

/// Okabe and Ito's colours, told apart by colour-blind readers too, in the order in which they are used. Their yellow
/// is darkened: on white it cannot be seen.
const SERIES: [Colour; 8] = [
    Colour(0x00, 0x72, 0xb2),
    Colour(0xd5, 0x5e, 0x00),
    Colour(0x00, 0x9e, 0x73),
    Colour(0xcc, 0x79, 0xa7),
    Colour(0xe6, 0x9f, 0x00),
    Colour(0x56, 0xb4, 0xe9),
    Colour(0x4b, 0x55, 0x63),
    Colour(0xb5, 0xa6, 0x1e),
];

/// The colour of the series with this index; after eight they begin again.
pub fn colour(index: usize) -> Colour {
    SERIES[index % SERIES.len()]
}
