//! Reads the texts of an SVG back, with the rectangles that they take.

use plotters::style::{FontDesc, FontFamily, FontStyle};
use resvg::usvg::roxmltree::{Document, Node};

/// A picture's size and texts, in nominal pixels.
pub(super) struct Page {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) texts: Vec<Text>,
}

/// A text and the rectangle around it.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Text {
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}

/// # Panics
/// Where the text is not an SVG of ours.
pub(super) fn read(svg: &str) -> Page {
    let document = Document::parse(svg).expect("the picture is well-formed");
    let root = document.root_element();
    let texts = root.descendants().filter(|node| node.has_tag_name("text"));
    Page {
        width: number(&root, "width"),
        height: number(&root, "height"),
        texts: texts
            .map(|node| text(&node))
            .filter(|text| !text.text.is_empty())
            .collect(),
    }
}

fn text(node: &Node<'_, '_>) -> Text {
    const OVERSIZE: f64 = 8.0;
    let text = node
        .text()
        .unwrap_or("")
        .trim_matches([' ', '\n'])
        .to_owned();
    let size = number(node, "font-size") / OVERSIZE;
    let (x, y) = (number(node, "x") / OVERSIZE, number(node, "y") / OVERSIZE);
    let width = width(&text, node.attribute("font-weight").is_some()) * size;
    let left = match node.attribute("text-anchor") {
        Some("middle") => x - width / 2.0,
        Some("end") => x - width,
        _ => x,
    };
    // The baseline lies a quarter of an em below y; letters reach from 0.74 em above it to 0.2 em below.
    Text {
        text,
        left,
        top: y - 0.49 * size,
        right: left + width,
        bottom: y + 0.45 * size,
    }
}

/// In em.
fn width(text: &str, bold: bool) -> f64 {
    let style = if bold {
        FontStyle::Bold
    } else {
        FontStyle::Normal
    };
    let family = FontFamily::Name("Inter, 'Helvetica Neue', Arial, sans-serif");
    let (width, _) = FontDesc::new(family, 1210.2, style)
        .box_size(text)
        .expect("the font was registered by drawing");
    f64::from(width) / 1000.0
}

fn number(node: &Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name)
        .and_then(|value| value.parse().ok())
        .expect("the attribute is a number")
}
