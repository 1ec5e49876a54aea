//! What the replay says of files that cannot be used: the file, the line, the reason.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};

use crate::{BOOK, COMMANDS, Folder, MATCHES, OPENS, app, small_session};

/// A line each: a command, and what is wrong with it.
const BAD_COMMANDS: &str = r#"
1,new,1,buy,limit,100,5,GTC | expected 9 fields, found 8
x,new,1,buy,limit,100,5,,GTC | seq is not a number in range: "x"
1,new,1,buy,limit,100,5,,GTC,extra | expected 9 fields, found 10
1,amend,1,buy,limit,100,5,,GTC | op is neither new, rest nor cancel: "amend"
1,new,-1,buy,limit,100,5,,GTC | order_id is not a number in range: "-1"
1,new,1,bid,limit,100,5,,GTC | side is neither buy nor sell: "bid"
1,new,1,buy,stop,100,5,,GTC | type is neither limit nor market: "stop"
1,new,1,buy,limit,,5,,GTC | price_cents is not a number in range: ""
1,new,1,buy,limit,1.5,5,,GTC | price_cents is not a number in range: "1.5"
1,new,1,buy,limit,9223372036854775807,5,,GTC | price_cents is out of range: 9223372036854775807
1,new,1,buy,limit,100,0,,GTC | qty_1e8 is zero
1,new,1,buy,limit,100,18446744073709551616,,GTC | qty_1e8 is not a number in range: "18446744073709551616"
1,new,1,buy,limit,100,5,9,GTC | a limit order has no funds_usd
1,new,1,buy,limit,100,5,,FOK | tif is neither GTC nor IOC_OR_FILLED: "FOK"
1,new,1,buy,market,100,5,,IOC | a market order has no price_cents
1,new,1,buy,market,,,,IOC | a market order needs qty_1e8, funds_usd or both
1,new,1,buy,market,,,0.00,IOC | funds_usd is not above zero: "0.00"
1,new,1,buy,market,,,-1,IOC | funds_usd is not above zero: "-1"
1,new,1,buy,market,,,cash,IOC | funds_usd is not a decimal in range: "cash"
1,new,1,buy,market,,,0.00000000001,IOC | funds_usd "0.00000000001": the money is not a multiple of one tick times one lot
1,new,1,buy,market,,5,,GTC | tif of a market order: "GTC"
1,rest,1,buy,market,,5,,GTC | an order that came to rest is a limit order, GTC
1,cancel,1,buy,,,5,, | a cancel has no qty_1e8
1,cancel,1,,,,,, | side is neither buy nor sell: ""
0,cancel,1,buy,,,,, | seq 0 after 1
"#;

#[test]
fn a_bad_command_is_told_with_its_file_and_line() {
    let folder = Folder::new("bad-commands");
    for bad in BAD_COMMANDS.trim().lines() {
        let (line, reason) = bad.split_once(" | ").expect("two parts");
        folder.table("commands.csv", COMMANDS, &["1,cancel,7,sell,,,,,", line]);
        let (code, out, err) = folder.replay("");
        assert_eq!((code, out.as_str()), (app::UNUSABLE, ""), "{bad}");
        assert_eq!(err, format!("commands.csv:3: {reason}\n"), "{bad}");
    }
}

#[test]
fn a_bad_header_is_told() {
    let folder = Folder::new("bad-headers");
    let told = |header: &str| {
        folder.write("commands.csv", header);
        let (code, _, err) = folder.replay("");
        assert_eq!(code, app::UNUSABLE);
        err
    };
    let (short, _) = COMMANDS.rsplit_once(',').expect("several columns");
    assert_eq!(told(""), "commands.csv:1: the header is missing\n");
    assert_eq!(told(short), "commands.csv:1: column tif is missing\n");
    let extra = format!("{COMMANDS},venue\n");
    assert_eq!(told(&extra), "commands.csv:1: unknown column \"venue\"\n");
    let twice = format!("{COMMANDS},tif\n");
    assert_eq!(told(&twice), "commands.csv:1: column tif twice\n");
}

#[test]
fn a_bad_book_is_told_with_its_file_and_line() {
    let books: &[(&[&str], &str)] = &[
        (
            &["sell,100,5,1,1", "sell,100,5,2,3"],
            "3: queue_pos 3 after 1 at this price",
        ),
        (&["sell,100,5,1,0"], "2: queue_pos 0 after 0 at this price"),
        (
            &["sell,100,5,1,1", "buy,90,5,1,1"],
            "2: refused: OrderIdAlreadyLive",
        ),
        (
            &["buy,90,5,1,1", "buy,100,5,2,1", "sell,100,5,3,1"],
            "4: the book is crossed: would trade with order 2",
        ),
        (
            &["sell,100,18446744073709551615,1,1"],
            "2: refused: QuantityTooLarge",
        ),
        (&["sell,100,0,1,1"], "2: qty_1e8 is zero"),
    ];
    let folder = Folder::new("bad-books");
    folder.table("commands.csv", COMMANDS, &["1,cancel,7,sell,,,,,"]);
    for (rows, told) in books {
        folder.table("begin_book.csv", BOOK, rows);
        let (code, _, err) = folder.replay("");
        assert_eq!(
            (code, err),
            (app::UNUSABLE, format!("begin_book.csv:{told}\n"))
        );
    }
}

#[test]
fn a_bad_record_is_told_with_its_file_and_line() {
    let records = [
        (
            "expected_matches.csv",
            MATCHES,
            "10,4,1,10000,0,sell",
            "qty_1e8 is zero",
        ),
        (
            "expected_matches.csv",
            MATCHES,
            "10,4,1,10000,1,both",
            "maker_side is neither buy nor sell: \"both\"",
        ),
        (
            "expected_opens.csv",
            OPENS,
            "1,2,buy,100,none",
            "remaining_1e8 is not a number in range: \"none\"",
        ),
        ("end_book.csv", BOOK, "", "expected 5 fields, found 1"),
    ];
    for (file, header, row, reason) in records {
        let folder = small_session("bad-records");
        folder.table(file, header, &[row]);
        let (code, _, err) = folder.replay("");
        assert_eq!(
            (code, err),
            (app::UNUSABLE, format!("{file}:2: {reason}\n"))
        );
    }
}

#[test]
fn a_file_that_is_no_such_table_is_told() {
    let folder = Folder::new("no-tables");
    let (code, _, err) = folder.replay("nowhere.csv");
    assert_eq!(code, app::UNUSABLE);
    assert!(err.starts_with("nowhere.csv: cannot open: "), "{err}");
    let (code, _, err) = folder.replay("");
    assert_eq!(code, app::UNUSABLE);
    assert!(
        err.contains("no commands.csv or commands.csv.gz in this folder"),
        "{err}"
    );
    folder.write(
        "commands.csv",
        [COMMANDS.as_bytes(), b"\n\xFF\xFE"].concat(),
    );
    assert_eq!(folder.replay("").2, "commands.csv:2: not UTF-8\n");
    folder.write("commands.csv", "a".repeat(10_000));
    assert_eq!(
        folder.replay("").2,
        "commands.csv:1: longer than 4096 bytes\n"
    );
}

#[test]
fn a_gzip_file_is_read_and_a_broken_one_is_told_at_its_line() {
    let folder = Folder::new("gzip");
    let mut text = format!("{COMMANDS}\n");
    for id in 1..5_000 {
        text += &format!("{id},new,{id},buy,limit,{},5,,GTC\n", id * 7919 % 1000);
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).expect("memory takes it");
    let whole = encoder.finish().expect("memory takes it");
    folder.write("commands.csv.gz", &whole);
    let (code, out, err) = folder.replay("");
    assert_eq!((code, err.as_str()), (app::SAME, ""));
    assert!(out.contains("4,999 commands"), "{out}");

    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 0x55;
    for broken in [&whole[..whole.len() / 2], &whole[..3], &flipped] {
        folder.write("commands.csv.gz", broken);
        let (code, _, err) = folder.replay("");
        assert_eq!(code, app::UNUSABLE, "{err}");
        let (place, _) = err.split_once(": ").expect("a place and a reason");
        let (file, line) = place.split_once(':').expect("a file and a line");
        assert_eq!(file, "commands.csv.gz");
        assert!(line.parse::<u64>().is_ok(), "{err}");
    }
}

#[test]
fn no_damage_to_a_file_makes_it_panic() {
    let folder = small_session("damage");
    let files = [
        "commands.csv",
        "begin_book.csv",
        "expected_matches.csv",
        "end_book.csv",
    ];
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let marks = b"0123456789-,.\n\r\"x\xFF";
    let mut codes = [0_u32; 3];
    for round in 0..1_000 {
        let file = files[round % files.len()];
        let sound = std::fs::read(folder.0.join(file)).expect("a file of the session");
        let mut damaged = sound.clone();
        for _ in 0..=random(3) {
            let at = random(damaged.len());
            match random(3) {
                0 => damaged[at] = marks[random(marks.len())],
                1 => damaged.insert(at, marks[random(marks.len())]),
                _ => drop(damaged.remove(at)),
            }
        }
        folder.write(file, damaged);
        codes[usize::from(folder.replay("").0)] += 1;
        folder.write(file, sound);
    }
    assert!(
        codes.iter().all(|count| *count > 0),
        "every exit code occurs: {codes:?}"
    );
}
