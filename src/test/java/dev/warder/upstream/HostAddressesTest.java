package dev.warder.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostAddressesTest {
    private final Deque<Runnable> lookUps = new ArrayDeque<>();
    private final List<String> ran = new ArrayList<>();
    private long now = -5;
    private String answer = "192.0.2.1";
    private int asked;
    private final HostAddresses addresses =
            new HostAddresses("upstream.example", this::lookUp, lookUps::add, () -> now);

    @Test
    void keepsTheFirstCallUntilTheNameIsLookedUpElsewhere() throws Exception {
        begin("first");
        begin("second");
        assertThat(ran).isEmpty();
        runLookUps();
        assertThat(ran).containsExactly("first 192.0.2.1", "second 192.0.2.1");
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void usesWhatIsKnownWhileItIsLookedUpAgain() {
        begin("first");
        runLookUps();
        answer = "192.0.2.2";
        pass(Duration.ofSeconds(29));
        begin("fresh");
        assertThat(lookUps).isEmpty();
        pass(Duration.ofSeconds(2));
        begin("old");
        begin("old");
        assertThat(lookUps).hasSize(1);
        runLookUps();
        begin("new");
        assertThat(ran)
                .containsExactly(
                        "first 192.0.2.1", "fresh 192.0.2.1", "old 192.0.2.1", "old 192.0.2.1", "new 192.0.2.2");
    }

    @Test
    void waitsForNewAddressesWhenTheKnownOnesAreTooOld() {
        begin("first");
        runLookUps();
        answer = "192.0.2.2";
        pass(Duration.ofMinutes(11));
        begin("late");
        assertThat(ran).hasSize(1);
        runLookUps();
        assertThat(ran).last().isEqualTo("late 192.0.2.2");
    }

    @Test
    void goesOnWithTheLastKnownOnesWhenALookUpFails() {
        begin("first");
        runLookUps();
        answer = "";
        pass(Duration.ofMinutes(11));
        begin("late");
        runLookUps();
        assertThat(ran).last().isEqualTo("late 192.0.2.1");
    }

    @Test
    void tellsEachCallThatNothingIsKnownAndAsksAgainForTheNext() {
        answer = "";
        begin("first");
        runLookUps();
        assertThat(ran).containsExactly("first unknown");
        answer = "192.0.2.1";
        begin("second");
        runLookUps();
        assertThat(ran).last().isEqualTo("second 192.0.2.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "[::1]"})
    void asksNobodyAboutALiteral(String literal) throws Exception {
        var known = new HostAddresses(literal, this::lookUp, lookUps::add, () -> now);
        known.whenKnown(() -> ran.add("at once"));
        assertThat(ran).containsExactly("at once");
        assertThat(known.resolve()).allMatch(InetAddress::isLoopbackAddress).hasSize(1);
        assertThat(asked).isZero();
    }

    @Test
    void knowsNothingBeforeItIsAsked() {
        assertThatThrownBy(() -> addresses.resolve()).isInstanceOf(UnknownHostException.class);
    }

    private void begin(String name) {
        addresses.whenKnown(() -> {
            try {
                ran.add(name + " " + addresses.resolve()[0].getHostAddress());
            } catch (UnknownHostException unknown) {
                ran.add(name + " unknown");
            }
        });
    }

    private InetAddress[] lookUp(String host) throws UnknownHostException {
        asked++;
        if (answer.isEmpty()) {
            throw new UnknownHostException(host);
        }
        return new InetAddress[] {InetAddress.getByName(answer)};
    }

    private void runLookUps() {
        while (!lookUps.isEmpty()) {
            lookUps.remove().run();
        }
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
