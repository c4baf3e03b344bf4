package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** A contract whose tests share one {@link Ground}, of which each test finds the upstream as new. */
@OnChosenContainer
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GroundContract {
    private final Container.Starter starter;

    /** What all tests stand on. */
    Ground ground;

    GroundContract(Container.Starter starter) {
        this.starter = starter;
    }

    @BeforeAll
    final void begin() throws IOException {
        ground = new Ground(starter);
    }

    @BeforeEach
    final void forget() {
        ground.upstream().clear();
    }

    @AfterEach
    final void eachRequestHasEnded() throws InterruptedException {
        ground.nothingIsLeft();
    }

    @AfterAll
    final void end() throws IOException {
        ground.close();
        assertThat(ground.log().leaks()).isEmpty();
    }
}
