//! GI/M/c.

use super::{LEVELS, assert_close, numbers};
use queuelab::theory::{GiMc, Mmc, ModelError};
use queuelab::workload::Invalid;
use queuelab::workload::distribution::Distribution;

type Gaps = fn(f64) -> Result<Distribution, Invalid>;

/// Laws of gaps by their mean, and cases of each, a line per case: its name, λ, c, the tolerance (1e-5 for a p99.9
/// where it is 1e-7); P(wait), Lq, Wq; the wait's p50, p90, p95, p99 and p99.9; and in some those of the sojourn.
fn references() -> Vec<(Gaps, &'static str)> {
    vec![
        (
            |gap| Distribution::hyperexponential(gap, 2.0),
            "H2scv4-M-c1-rho0.5 0.5 1 1e-7 0.6837722339832 1.081138830084 2.162277660168 0.9898459466636 6.079335501576 8.271259344612 13.36074889046 20.64216125058\n\
             H2scv4-M-c1-rho0.9 0.9 1 1e-7 0.9572811275764 20.16797181059 22.40885756732 15.20379570173 52.87889854062 69.10468214263 106.779784831 160.6806694278\n\
             H2scv4-M-c2-rho0.8 1.6 2 1e-7 0.8549870178263 7.400215490725 4.625134681703 2.902130458441 11.60853996985 15.3581864488 24.06459593163 36.52065157193\n\
             H2scv4-M-c3-rho0.5 1.5 3 1e-7 0.4462965673895 0.7056568324328 0.4704378882885 0.0 1.576725865385 2.307367146543 4.003863662993 6.43100126366\n\
             H2scv4-M-c5-rho0.9 4.5 5 1e-7 0.8758520423777 18.45242613906 4.100539142013 2.624549970006 10.15957053807 13.40472725883 20.93974779934 31.71992475072\n\
             gim1-H2scv4-rho0.5 0.5 1 1e-10 0.6837722339832 1.081138830084 2.162277660168 0.9898459469151 6.079335502833 8.271259347127 13.36074890305 20.64216230326 2.191923844293 7.281413400212 9.473337244505 14.56282680042 21.84424020064\n\
             gim1-H2scv4-rho0.95 0.95 1 1e-10 0.97936213497 45.0818932515 47.45462447526 32.57572319934 110.5604328626 144.1466192027 222.1313288659 333.7022248693 33.58618634012 111.5708960034 145.1570823435 223.1417920067 334.7126880101",
        ),
        (
            |gap| Distribution::erlang(2, gap),
            "E2-M-c1-rho0.8 0.8 1 1e-7 0.7398529491265 2.275183813592 2.84397976699 1.506237911307 7.692884681517 10.35732841737 16.54397517485 25.39506520775\n\
             E2-M-c2-rho0.5 1.0 2 1e-7 0.2308637350001 0.186772685 0.186772685 0.0 0.6768701024962 1.237637951104 2.539700556749 4.402521274076\n\
             E2-M-c3-rho0.9 2.7 3 1e-7 0.7749157957832 5.292252762078 1.960093615585 1.108259400061 5.179216519482 6.932482318632 11.0034394259 16.82766219557\n\
             E2-M-c5-rho0.8 4.0 5 1e-7 0.4778396794614 1.469444847772 0.3673612119429 0.0 1.202477664905 1.7353664122 2.972695764699 4.742913821977\n\
             gim1-E2-rho0.5 0.5 1 1e-10 0.3819660112501 0.3090169943749 0.6180339887499 0.0 2.168426764984 3.289962462336 5.894087707437 9.61974864989 1.121535697352 3.725660942453 4.847196639805 7.451321884906 11.17698282736\n\
             gim1-E2-rho0.9 0.9 1 1e-10 0.8682178936724 5.929455265819 6.588283628688 4.187477569527 16.40034893184 21.66014633435 33.87301769667 51.34568646149 5.259797402514 17.47266876483 22.73246616734 34.94533752965 52.41800629448",
        ),
        (
            |gap| Distribution::erlang(4, gap),
            "E4-M-c1-rho0.9 0.9 1 1e-7 0.8433350709397 4.844744566627 5.383049518474 3.336779061178 13.60990095002 18.03429372321 28.30741558384 43.00492989999\n\
             E4-M-c2-rho0.8 1.6 2 1e-7 0.5942349884431 1.553274929534 0.9707968309586 0.2820842481139 2.911409776194 4.043798644373 6.673124169058 10.43483819642\n\
             E4-M-c3-rho0.5 1.5 3 1e-7 0.1036197975541 0.07421888842649 0.04947925895099 0.0 0.01697932729444 0.347962495058 1.116481605816 2.215979793818\n\
             E4-M-c3-rho0.9 2.7 3 1e-7 0.7441393474733 4.274890473211 1.583292767856 0.8460098379838 4.270383801054 5.74518139227 9.169555347044 14.06872679959\n\
             E4-M-c5-rho0.8 4.0 5 1e-7 0.4265614948874 1.114992029751 0.2787480074377 0.0 0.9479244165369 1.400879963862 2.452610174162 3.957295820975",
        ),
        (
            |gap| Distribution::constant(gap),
            "gim1-D-rho0.8 0.8 1 1e-10 0.6286297964969 1.354184671936 1.69273083992 0.6164587896973 4.950241891445 6.816700681142 11.15048378289 17.35072567433 1.866458789697 6.200241891445 8.066700681142 12.40048378289 18.60072567433\n\
             dmc-c2-rho0.5 1.0 2 1e-8 0.10344887974 0.06491422246382 0.06491422246382 0.0 0.02127690321696 0.4562270968985 1.466150171484 2.911023439751\n\
             dmc-c2-rho0.9 1.8 2 1e-8 0.7465209751217 3.479380093482 1.932988940823 1.037843783469 5.205209188265 6.999995777037 11.16736118183 17.1295131754\n\
             dmc-c5-rho0.8 4.0 5 1e-8 0.3615424669744 0.7788292406101 0.1947073101525 0.0 0.6921445559872 1.065436313927 1.932192934276 3.172241312565\n\
             dmc-c5-rho0.95 4.75 5 1e-8 0.8052655398743 7.781934989424 1.638302103037 0.9695631376059 4.243943309219 5.654142091353 8.928522262966 13.61310121671\n\
             dmc-c10-rho0.9 9.0 10 1e-8 0.5219619308854 2.432756764245 0.2703063071383 0.02226127408294 0.8557343550421 1.214691672796 2.048164753756 3.240595152469\n\
             dmc-c50-rho0.5 25.0 50 1e-8 3.157527149898e-11 1.981349825723e-11 7.92539930289e-13 0.0 0.0 0.0 0.0 0.0\n\
             dmc-c50-rho0.95 47.5 50 1e-8 0.4936576606028 4.770614948259 0.1004339989107 0.0 0.3248408287201 0.4658607069335 0.7932987240948 1.26175661947",
        ),
        (
            |gap| Distribution::erlang(10, gap),
            "gim1-E10-rho0.8 0.8 1 1e-10 0.6578001757191 1.53781534424 1.9222691803 0.8015582797 5.504769088812 7.530331731974 12.23354254109 18.96231599336 2.025562643162 6.728773452274 8.754336095436 13.45754690455 20.18632035682\n\
             gim1-E10-rho0.95 0.95 1 1e-10 0.9103536869252 9.647201016034 10.15494843793 6.684325009864 24.63752193712 32.36954299616 50.32273992341 76.00795790971 7.732021059043 25.6852179863 33.41723904534 51.37043597259 77.05565395889",
        ),
        (
            |gap| Distribution::uniform(0.0, 2.0 * gap),
            "gim1-U02-rho0.9 0.9 1 1e-10 0.8538668570947 5.258767149648 5.843074610719 3.662188929429 14.67569264554 19.41895051832 30.43245423443 46.18921582331 4.743257872782 15.75676158889 20.50001946167 31.51352317778 47.27028476667",
        ),
        (
            |gap| Distribution::gamma(gap, 2_f64.sqrt()),
            "gim1-gamma0.5-rho0.8 0.8 1 1e-10 0.8633249580711 5.053299832284 6.316624790355 3.996216564282 15.77186989293 20.84336773758 32.61902106624 49.46617223954 5.07149784465 16.8471511733 21.91864901795 33.69430234661 50.54145351991",
        ),
    ]
}

#[test]
fn every_figure_is_that_of_the_reference() -> Result<(), Invalid> {
    for (gaps, cases) in references() {
        for case in cases.lines() {
            assert_case(gaps, case)?;
        }
    }
    Ok(())
}

fn assert_case(gaps: Gaps, case: &str) -> Result<(), Invalid> {
    let (name, figures) = case.split_once(' ').expect("a name and numbers");
    let figures = numbers(figures);
    let [arrival_rate, servers, rel_tol, p_wait, ready, wait] =
        figures[..6].try_into().expect("six figures");
    let queue = GiMc::new(&gaps(1.0 / arrival_rate)?, 1.0, servers as u64)
        .expect("the references are stable");
    assert_close(queue.p_wait(), p_wait, rel_tol, name);
    assert_close(queue.ready_mean(), ready, rel_tol, name);
    assert_close(queue.wait_mean(), wait, rel_tol, name);
    for (i, (level, quantile)) in LEVELS.into_iter().zip(&figures[6..11]).enumerate() {
        let is_rough = i == 4 && rel_tol > 1e-8;
        let rel_tol = if is_rough { 1e-5 } else { rel_tol };
        assert_close(queue.wait_quantile(level), *quantile, rel_tol, name);
    }
    for (level, quantile) in LEVELS.into_iter().zip(&figures[11..]) {
        assert_close(queue.sojourn_quantile(level), *quantile, rel_tol, name);
    }
    Ok(())
}

#[test]
fn poisson_arrivals_make_it_m_m_c_however_many_servers() -> Result<(), Invalid> {
    // In the third and fourth a whole number of servers is free: a place of the sum lies on the root.
    for (load, servers) in [
        (0.3, 1),
        (1.0 - 1e-7, 1),
        (7.0, 10),
        (90.0, 100),
        (9_990.5, 10_000),
    ] {
        let gap = Distribution::exponential(1.0 / load)?;
        let queue = GiMc::new(&gap, 1.0, servers).expect("stable");
        let exact = Mmc::new(load, 1.0, servers).expect("stable");
        let what = format!("{load} of {servers}");
        assert_close(queue.sigma(), exact.utilisation(), 1e-10, &what);
        assert_close(queue.p_wait(), exact.p_wait(), 1e-10, &what);
        assert_close(queue.wait_mean(), exact.wait_mean(), 2e-9, &what);
        assert_close(queue.wait_variance(), exact.wait_variance(), 4e-9, &what);
        assert_close(queue.total_mean(), exact.total_mean(), 2e-9, &what);
        assert_close(queue.ready_exceeds(5), exact.ready_exceeds(5), 1e-9, &what);
        assert_close(
            queue.wait_exceeds(0.1),
            exact.wait_exceeds(0.1),
            1e-9,
            &what,
        );
        assert_close(
            queue.sojourn_exceeds(2.0),
            exact.sojourn_exceeds(2.0),
            1e-9,
            &what,
        );
    }
    Ok(())
}

#[test]
fn what_is_too_rare_for_a_number_is_zero() -> Result<(), Invalid> {
    let queue = GiMc::new(&Distribution::constant(1.0)?, 1.0, 10_000).expect("stable");
    assert_close(queue.p_wait(), 0.0, 0.0, "P(wait)");
    assert_close(queue.wait_mean(), 0.0, 0.0, "mean wait");
    assert_close(queue.total_mean(), 1.0, 1e-12, "busy");
    Ok(())
}

#[test]
fn gaps_that_are_too_short_are_refused() -> Result<(), Invalid> {
    assert_eq!(
        GiMc::new(&Distribution::constant(0.5)?, 1.0, 2),
        Err(ModelError::Unstable {
            offered_load: 2.0,
            servers: 2,
            least: 3
        })
    );
    assert_eq!(
        GiMc::new(&Distribution::constant(0.0)?, 1.0, 2),
        Err(ModelError::ArrivalRate(f64::INFINITY))
    );
    Ok(())
}
