#![no_main]

#[path = "../../tests/fuzz/targets.rs"]
#[expect(dead_code, reason = "a program for each target")]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::vector(bytes));
