package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.testkit.CodexProcess;
import dev.warder.testkit.Deployment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** The real Codex CLI with Warder as its provider; skipped where the program is not installed. */
@Tag("turn-8")
@Tag("turn-only")
abstract class CodexGround extends OpenAiGround {
    /** One of each group of names for which Codex sends different tools. */
    static final String UNKNOWN = ApiMessage.MODEL;

    static final String WITH_PATCHES = "gpt-5.5";
    static final String WITH_SCRIPTS = "gpt-5.6-sol";

    static final Duration LIMIT = Duration.ofSeconds(90);
    static final ApiMessage DONE = ApiMessage.said(ApiBlock.text("All ", "done."));

    private Optional<CodexProcess> running = Optional.empty();

    @Override
    Deployment deployment() {
        return ground.usual().with("openai.models", "gpt-*=" + ApiMessage.MODEL);
    }

    @BeforeEach
    void requireProgram() {
        assumeTrue(CodexProcess.program().isPresent(), "skipped: needs the program " + CodexProcess.PROGRAM);
    }

    @AfterEach
    void stop() {
        running.ifPresent(CodexProcess::close);
        running = Optional.empty();
    }

    /** Starts a session, which ends with the test. */
    final CodexProcess start(String token, String model, String... arguments) throws IOException {
        var process = CodexProcess.start(address(), token, model, arguments);
        running = Optional.of(process);
        return process;
    }

    final CodexProcess.Result codex(String model, String... arguments) throws IOException, InterruptedException {
        return start(Contract.ACCESS_TOKEN, model, arguments).await(LIMIT);
    }

    final Path work() {
        return running.orElseThrow().work();
    }

    static void assertDone(CodexProcess.Result result) {
        assertThat(result.status()).as(result.errors()).isZero();
        assertThat(result.output()).isEqualTo("All done.\n");
    }

    static void assertFailed(CodexProcess.Result result, String shown) {
        assertThat(result.status()).as(result.errors()).isEqualTo(1);
        assertThat(result.errors()).contains(shown);
    }
}
