//! Value types: what is forgiven, what is refused, and the known samples of the check digits.

use domain::citizen_id::{CitizenId, CitizenIdError};
use domain::credit_code::{CreditCode, CreditCodeError};
use domain::money::{Money, MoneyError};
use domain::phone_number::{PhoneNumber, PhoneNumberError};
use domain::region_code::{Level, RegionCode, RegionCodeError};
use jiff::civil::date;
use proptest::prelude::*;

const CREDIT_CODES: [&str; 5] =
    ["91350100M000100Y43", "91110000600037341L", "91330100716105852F", "914403001922038216", "91110108551385082Q"];

#[test]
fn credit_codes_with_a_right_check_digit() {
    for text in CREDIT_CODES {
        let code = CreditCode::parse(text).expect(text);
        assert_eq!(code.to_string(), text);
    }
    let code = CreditCode::parse(" ９１１１ 0108-55138508２q ").expect("full-width, spaced, small");
    assert_eq!(code.as_str(), "91110108551385082Q");
    assert_eq!((code.division(), code.organization_code()), ("110108", "551385082"));
    assert!(code.organization_code_fits() && !code.is_sole_trader());
}

#[test]
fn credit_codes_that_are_none() {
    for (text, error) in [
        ("", CreditCodeError::Length),
        ("91110108551385082", CreditCodeError::Length),
        ("91110108551385082QQ", CreditCodeError::Length),
        ("91110108551385082I", CreditCodeError::Alphabet),
        ("9111010855138508中Q", CreditCodeError::Alphabet),
        ("91110108551385082R", CreditCodeError::CheckDigit),
        ("91110108551385028Q", CreditCodeError::CheckDigit),
    ] {
        assert_eq!(CreditCode::parse(text), Err(error), "{text}");
    }
}

#[test]
fn citizen_ids() {
    let woman = CitizenId::parse("１１０105 19491231 002x").expect("a known sample");
    assert_eq!(woman.as_str(), "11010519491231002X");
    assert_eq!(woman.birth_date(), date(1949, 12, 31));
    assert!(!woman.is_male());
    assert_eq!(woman.masked(), "110105********002X");
    assert_eq!(format!("{woman:?}"), "CitizenId(110105********002X)", "never whole in a log");
    assert!(CitizenId::parse("34052419800101001X").is_ok_and(|id| id.is_male()));
    assert!(CitizenId::parse("440524188001010014").is_ok());
    for (text, error) in [
        ("110105194912310", CitizenIdError::Length),
        ("1101051949123100２Y", CitizenIdError::Alphabet),
        ("11010519491231X02X", CitizenIdError::Alphabet),
        ("1101051949１２31中02X", CitizenIdError::Alphabet),
        ("11010519490231002X", CitizenIdError::BirthDate),
        ("110105194912310021", CitizenIdError::CheckDigit),
        ("11010519491231020X", CitizenIdError::CheckDigit),
    ] {
        assert_eq!(CitizenId::parse(text), Err(error), "{text}");
    }
}

#[test]
fn phone_numbers_in_one_form() {
    for (text, number, masked) in [
        ("13800138000", "13800138000", "138****8000"),
        ("１３８ ００１３－８０００", "13800138000", "138****8000"),
        ("+86 138-0013-8000", "13800138000", "138****8000"),
        ("0086 13800138000", "13800138000", "138****8000"),
        ("8613800138000", "13800138000", "138****8000"),
        ("013800138000", "13800138000", "138****8000"),
        ("0371-65571234", "0371-65571234", "0371-****1234"),
        ("（0371）65571234", "0371-65571234", "0371-****1234"),
        ("+86 371 6557 1234", "0371-65571234", "0371-****1234"),
        ("01065571234", "010-65571234", "010-****1234"),
        ("0396-2851234", "0396-2851234", "0396-***1234"),
        ("0371-65571234转801", "0371-65571234-801", "0371-****1234"),
        ("0371-65571234-801", "0371-65571234-801", "0371-****1234"),
        ("400 812 3456", "4008123456", "4008123456"),
        ("800-810-1234", "8008101234", "8008101234"),
        ("12315", "12315", "12315"),
        ("95588", "95588", "95588"),
    ] {
        let parsed = PhoneNumber::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((parsed.as_str(), parsed.masked().as_str()), (number, masked), "{text}");
        assert_eq!(PhoneNumber::parse(parsed.as_str()).as_ref(), Ok(&parsed), "{text} read again");
        assert_eq!(parsed.is_mobile(), number.len() == 11 && number.starts_with('1'), "{text}");
    }
}

#[test]
fn phone_numbers_that_are_none() {
    for (text, error) in [
        ("", PhoneNumberError::Empty),
        (" - ", PhoneNumberError::Empty),
        ("1380013800", PhoneNumberError::Mobile),
        ("12800138000", PhoneNumberError::Mobile),
        ("138001380001", PhoneNumberError::Mobile),
        ("65571234", PhoneNumberError::Landline),
        ("0371-123", PhoneNumberError::Landline),
        ("0371-05571234", PhoneNumberError::Landline),
        ("请打手机", PhoneNumberError::Alphabet),
        ("138001x8000", PhoneNumberError::Alphabet),
        ("+1 202 555 0100", PhoneNumberError::Unknown),
        ("42", PhoneNumberError::Unknown),
    ] {
        assert_eq!(PhoneNumber::parse(text), Err(error), "{text}");
    }
}

#[test]
fn region_codes_by_level() {
    for (text, code, level, prefix) in [
        ("000000", "000000", Level::Nation, ""),
        ("41", "410000", Level::Province, "41"),
        ("410000", "410000", Level::Province, "41"),
        ("4101", "410100", Level::City, "4101"),
        ("410105", "410105", Level::County, "410105"),
        ("419001", "419001", Level::County, "419001"),
        ("410105001", "410105001", Level::Township, "410105001"),
        ("441900003", "441900003", Level::Township, "441900003"),
        ("410105001002", "410105001002", Level::Village, "410105001002"),
        ("410105000000", "410105", Level::County, "410105"),
        ("４１０１", "410100", Level::City, "4101"),
    ] {
        let parsed = RegionCode::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((parsed.as_str(), parsed.level(), parsed.prefix()), (code, level, prefix), "{text}");
    }
    for (text, error) in [
        ("", RegionCodeError::Length),
        ("4", RegionCodeError::Length),
        ("41010", RegionCodeError::Length),
        ("河南", RegionCodeError::Alphabet),
        ("410001", RegionCodeError::Level),
        ("001234", RegionCodeError::Level),
        ("410105000001", RegionCodeError::Level),
    ] {
        assert_eq!(RegionCode::parse(text), Err(error), "{text}");
    }
}

#[test]
fn a_region_contains_what_lies_inside_it() {
    let region = |text| RegionCode::parse(text).expect("a code");
    assert!(RegionCode::nation().contains(&region("410105001")));
    assert!(region("41").contains(&region("410105")) && region("4101").contains(&region("410105001")));
    assert!(region("410105").contains(&region("410105")));
    assert!(!region("4102").contains(&region("410105")) && !region("410105").contains(&region("4101")));
    assert_eq!(region("410105001").parent().and_then(|county| county.parent()), Some(region("4101")));
    assert_eq!(region("441900003").parent(), Some(region("4419")));
    assert_eq!(region("41").parent(), Some(RegionCode::nation()));
    assert_eq!(RegionCode::nation().parent(), None);
}

#[test]
fn money_as_people_write_it() {
    for (text, fen, shown) in [
        ("0", 0, "0.00"),
        ("1,234.5 元", 123_450, "1,234.50"),
        ("￥１２３４．５６", 123_456, "1,234.56"),
        ("¥99", 9_900, "99.00"),
        ("人民币3万元", 3_000_000, "30,000.00"),
        ("1.2345万", 1_234_500, "12,345.00"),
        ("0.5亿", 5_000_000_000, "50,000,000.00"),
        ("１，０００元整", 100_000, "1,000.00"),
        (".5", 50, "0.50"),
        ("12.500", 1_250, "12.50"),
    ] {
        let sum = Money::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((sum.fen(), sum.to_string().as_str()), (fen, shown), "{text}");
    }
    for (text, error) in [
        ("", MoneyError::Empty),
        ("元", MoneyError::Empty),
        ("大约一百", MoneyError::Shape),
        ("1.2.3", MoneyError::Shape),
        (".", MoneyError::Shape),
        ("1.234", MoneyError::Decimals),
        ("-5", MoneyError::Negative),
        ("1000000000001", MoneyError::TooLarge),
        ("99999999999999999999", MoneyError::TooLarge),
        ("9999999亿", MoneyError::TooLarge),
    ] {
        assert_eq!(Money::parse(text), Err(error), "{text}");
    }
    assert_eq!([Money::from_fen(1), Money::from_fen(i64::MAX)].into_iter().sum::<Money>().fen(), i64::MAX);
    assert_eq!(Money::from_fen(-1_234_567).to_string(), "-12,345.67");
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_without_a_panic(text in "\\PC{0,24}") {
        let _ = (CreditCode::parse(&text), CitizenId::parse(&text), PhoneNumber::parse(&text));
        let _ = (RegionCode::parse(&text), Money::parse(&text));
    }

    #[test]
    fn any_number_is_read_or_refused_without_a_panic(text in "[0-9０-９X.+\\-转 万亿元]{0,20}") {
        let _ = (CreditCode::parse(&text), CitizenId::parse(&text), Money::parse(&text), RegionCode::parse(&text));
        if let Ok(number) = PhoneNumber::parse(&text) {
            let _ = number.masked();
            prop_assert_eq!(PhoneNumber::parse(number.as_str()), Ok(number));
        }
    }

    #[test]
    fn one_wrong_character_in_a_credit_code_is_always_seen(which in 0_usize..5, at in 0_usize..18, by in 1_usize..31) {
        const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
        let mut code = CREDIT_CODES[which].as_bytes().to_vec();
        let value = ALPHABET.iter().position(|known| *known == code[at]).expect("in the alphabet");
        code[at] = ALPHABET[(value + by) % 31];
        prop_assert!(CreditCode::parse(std::str::from_utf8(&code).expect("ASCII")).is_err());
    }

    #[test]
    fn money_shown_is_money_read(fen in 0_i64..10_000_000_000) {
        let sum = Money::from_fen(fen);
        prop_assert_eq!(Money::parse(&sum.to_string()), Ok(sum));
    }
}

#[test]
fn a_case_is_timely_when_all_that_can_be_judged_was_in_time() {
    let handling = domain::timeliness::measure("handling").expect("one of the five");
    let verdict = |ends: &[(&str, Option<bool>)]| handling.verdict(ends.iter().copied());
    assert_eq!(verdict(&[("mediation", None), ("acceptance", Some(false))]), None, "another's limit says nothing");
    assert_eq!(verdict(&[("mediation", Some(true)), ("close_promised", None)]), Some(true));
    assert_eq!(verdict(&[("mediation", Some(true)), ("close_promised", Some(false))]), Some(false));
    assert_eq!(domain::timeliness::measures().len(), 5);
}

#[test]
fn every_limit_of_the_five_timelinesses_stands_in_a_rule_set() {
    let book = domain::rule_book::RuleBook::builtin().expect("the rules");
    for measure in domain::timeliness::measures() {
        for limit in &measure.limits {
            assert!(book.all().iter().any(|set| set.limit(limit).is_some()), "{limit}");
        }
    }
}
