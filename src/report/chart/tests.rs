//! Charts of awkward data.

use super::*;

fn axis(unit: Unit, scale: Scale) -> Axis {
    Axis {
        label: "axis".to_owned(),
        unit,
        scale,
        range: None,
    }
}

fn chart(x: Axis, y: Axis, points: Vec<(f64, f64)>) -> Chart {
    let mut panel = Panel::new("panel", y);
    panel.lines.push(Line::solid("line", colour(0), points));
    Chart {
        title: "title".to_owned(),
        subtitle: "subtitle".to_owned(),
        x,
        panels: vec![panel],
    }
}

const AXES: [(Unit, Scale); 6] = [
    (Unit::Number, Scale::Linear),
    (Unit::Seconds, Scale::Linear),
    (Unit::Share, Scale::Linear),
    (Unit::Number, Scale::Log),
    (Unit::Seconds, Scale::Log),
    (Unit::Tail, Scale::Log),
];

#[test]
fn any_data_are_drawn_without_a_coordinate_that_is_no_number() {
    let awkward = [
        vec![],
        vec![(0.0, 0.0)],
        vec![(1.0, 1.0)],
        vec![(0.0, 0.0), (1e-300, 1e-300)],
        vec![(-5.0, -3.0), (5.0, 3.0)],
        vec![(1e-9, 1e18), (1e12, 1e-18)],
        vec![
            (1.0, f64::NAN),
            (2.0, f64::INFINITY),
            (f64::NAN, 1.0),
            (4.0, f64::MAX),
        ],
        vec![(1.0, 5.0), (2.0, f64::NAN), (3.0, 5.0)],
    ];
    for points in awkward {
        for x in AXES {
            for y in AXES {
                let svg = svg(&chart(axis(x.0, x.1), axis(y.0, y.1), points.clone()));
                assert!(!svg.contains("NaN"), "{points:?} on {x:?}, {y:?}");
                assert!(svg.ends_with("</svg>\n"), "{points:?} on {x:?}, {y:?}");
            }
        }
    }
}

#[test]
fn a_single_point_is_a_dot_and_none_is_said_to_be_none() {
    let linear = || axis(Unit::Number, Scale::Linear);
    assert!(svg(&chart(linear(), linear(), vec![(3.0, 4.0)])).contains("<circle"));
    assert!(svg(&chart(linear(), linear(), vec![])).contains("no messages"));
}

#[test]
fn the_sheet_has_its_nominal_size_and_a_name() {
    let linear = || axis(Unit::Number, Scale::Linear);
    let mut chart = chart(linear(), linear(), vec![(0.0, 1.0), (1.0, 2.0)]);
    chart.title = "a < b & \"c\"".to_owned();
    let svg = svg(&chart);
    assert!(
        svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1100\" height=\""),
        "{}",
        &svg[..120]
    );
    assert!(svg.contains("viewBox=\"0 0 8800 "));
    assert!(svg.contains("aria-label=\"a &lt; b &amp; &quot;c&quot;\""));
}

#[test]
fn a_dashed_line_has_dashes_and_a_solid_one_has_none() {
    let linear = || axis(Unit::Number, Scale::Linear);
    let mut chart = chart(linear(), linear(), vec![(0.0, 1.0), (1.0, 2.0)]);
    assert!(!svg(&chart).contains("stroke-dasharray"));
    chart.panels[0].lines[0].stroke = Stroke::Dashed;
    // The line, and its sample in the legend.
    assert_eq!(svg(&chart).matches("stroke-dasharray").count(), 2);
}

#[test]
fn a_png_is_twice_as_large_as_its_svg() -> Result<(), PngError> {
    let linear = || axis(Unit::Number, Scale::Linear);
    let image = png(&svg(&chart(linear(), linear(), vec![(0.0, 1.0)])))?;
    // The header's first chunk begins with the width, big-endian, at byte 16.
    assert_eq!(&image[..4], b"\x89PNG");
    assert_eq!(image[16..20], 2200_u32.to_be_bytes());
    Ok(())
}

#[test]
fn signs_that_the_font_lacks_are_drawn_as_question_marks() {
    let missing = undrawable("Größe → 90 % ∫ Ж漢Ж\u{7}🐇 a\u{308}");
    assert_eq!(missing.into_iter().collect::<String>(), "Ж漢🐇");
    let linear = || axis(Unit::Number, Scale::Linear);
    let titled = |title: &str| {
        let mut chart = chart(linear(), linear(), vec![(0.0, 1.0)]);
        chart.title = title.to_owned();
        png(&svg(&chart)).ok()
    };
    assert_eq!(titled("Ж rabbits"), titled("? rabbits"));
    assert_ne!(titled("Ж rabbits"), titled("  rabbits"));
}

#[test]
fn what_is_no_svg_is_an_error_and_not_a_picture() {
    assert!(matches!(png("<html/>"), Err(PngError::Svg(_))));
}
