use super::*;

#[test]
fn every_constant_of_the_kernels_is_defined_once() {
    let source = source();
    let names = ["DEGREE", "MODULUS", "SCALE", "INVERSE_DEGREE", "HIGH", "HIGH_SHOUP"];
    for name in names {
        assert_eq!(source.matches(&format!("#define {name} ")).count(), 1, "{name}");
    }
}

#[test]
fn without_the_compiler_there_is_a_named_error_and_no_panic() {
    match compile(&source(), "compute_90") {
        Ok(_) => assert!(has_compiler()),
        Err(error) => assert_eq!(error, GpuError::NoCompiler),
    }
}

#[test]
#[ignore = "needs NVRTC: nx run he:test-kernel"]
fn the_kernels_compile_for_every_architecture() {
    for architecture in ["compute_80", "compute_90"] {
        let compiled = compile(&source(), architecture).unwrap_or_else(|error| panic!("{error}"));
        let text = compiled.to_src();
        assert!(text.contains(&format!(".target {}", architecture.replace("compute", "sm"))));
        for kernel in ["multiply_1", "multiply_4", "finish"] {
            assert!(text.contains(&format!(".entry {kernel}(")), "{kernel}: {text}");
        }
    }
}

#[test]
#[ignore = "needs NVRTC: nx run he:test-kernel"]
fn a_broken_kernel_fails_with_what_the_compiler_says() {
    let broken = source().replace("u64 sum = times(low", "u64 sum = time(low");
    let Err(GpuError::Compile { log }) = compile(&broken, "compute_90") else {
        panic!("a kernel that calls an unknown function compiled, or NVRTC is not there");
    };
    assert!(log.contains("apply.cu(") && log.contains("identifier \"time\" is undefined"), "{log}");
}
