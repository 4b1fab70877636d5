//! Prints stories to be read by people: `cargo run -p xiaobao-cli --example stories [count] [seed]`.

use cli::simulate::mix::{Outcome, arrivals};
use cli::simulate::person::County;
use cli::simulate::story::{Telling, Town};
use cli::simulate::vocabulary::{generator, yuan};
use jiff::civil::{Weekday, date};

fn main() {
    let mut arguments = std::env::args().skip(1).filter_map(|argument| argument.parse::<u64>().ok());
    let count = arguments.next().unwrap_or(30);
    let seed = arguments.next().unwrap_or(12315);
    let townships = ["索河街道", "京城路街道", "豫龙镇", "广武镇", "汜水镇", "高村乡"].map(str::to_owned).to_vec();
    let town = Town::found(County { code: "410182".to_owned(), name: "荥阳市".to_owned(), townships }, 400, seed);
    let mut rng = generator(seed, 1);
    let workday = |day: jiff::civil::Date| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    for arrival in arrivals(&mut rng, date(2025, 12, 1), date(2026, 11, 20), count as usize, &workday) {
        let telling = town.tell(&mut rng, arrival.at, &arrival.channel);
        println!("{} {}", arrival.at, arrival.channel);
        print(&town, &telling);
    }
}

fn print(town: &Town, telling: &Telling) {
    let (person, story) = (&telling.person, &telling.story);
    let shop = &town.street.shops()[telling.shop];
    println!(
        "【{}】{}/{} {} {}",
        story.title,
        story.category_code,
        story.problem_code,
        story.skeleton,
        yuan(story.amount_cents)
    );
    println!("  投诉人：{} {}岁 {} {} {:?}", person.name, person.age, person.phone, person.address, person.email);
    println!("  被投诉人：{}（{}）{} {} {}", shop.name, shop.short_name, shop.phone, shop.address, shop.credit_code);
    println!("  {}", story.facts);
    println!("  要求 {:?} {} {}", story.demands, story.demand_text, yuan(story.wants_cents));
    println!("  证据 {:?} 结果 {:?} {:?}", story.evidence, story.outcome, story.pace);
    println!("  答复：{}", story.settlement.answer);
    for said in &story.settlement.transcript {
        println!("    {}：{}", said.speaker, said.words);
    }
    match story.outcome {
        Outcome::Settled => {
            for item in &story.settlement.agreement {
                println!("  协议：{}（{}，{}日）", item.text, yuan(item.amount_cents), item.due_in_days);
            }
        }
        Outcome::Terminated { .. } => println!("  终止：{:?}", story.settlement.termination),
        Outcome::Refused { .. } => println!("  不予受理：{:?}", story.settlement.refusal),
    }
    println!("  评价：{:?}\n", story.settlement.rating);
}
