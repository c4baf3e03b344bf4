package dev.warder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnfinishedFormsTest {
    private static final int KIB = 1024;

    /** Twelve forms of 1 KiB that has to be held once, six from each network. */
    private final UnfinishedForms forms = new UnfinishedForms(new SmallBodyMemory(12 * KIB));

    private final List<String> displaced = new ArrayList<>();

    private UnfinishedForms.Form begin(String network, String name) {
        var form = forms.begin(network, 1);
        form.hold(1, () -> displaced.add(name));
        return form;
    }

    @Test
    void displacesTheOldestOfANetworkThatHasItsShare() {
        var other = begin("b", "other");
        for (int i = 0; i < 8; i++) {
            begin("a", "a" + i);
        }
        assertThat(displaced).containsExactly("a0", "a1");
        assertThat(other.complete()).isTrue();
    }

    @Test
    void displacesTheOldestOfAllWhenNothingIsLeft() {
        for (int i = 0; i < 6; i++) {
            begin("a", "a" + i);
            begin("b", "b" + i);
        }
        assertThat(displaced).isEmpty();
        var last = begin("c", "c");
        assertThat(displaced).containsExactly("a0");
        assertThat(last.complete()).isTrue();
    }

    @Test
    void displacesNoneThatIsComplete() {
        var first = begin("a", "first");
        assertThat(first.complete()).isTrue();
        for (int i = 0; i < 6; i++) {
            begin("a", "a" + i);
        }
        assertThat(displaced).containsExactly("a0");
        first.release();
        first.release();
        begin("a", "more");
        assertThat(displaced).containsExactly("a0");
    }

    @Test
    void chargesAFormByStepsAsItComes() {
        var grows = begin("a", "grows");
        assertThat(grows.hold(KIB - 1, () -> {})).isTrue();
        for (int i = 0; i < 5; i++) {
            begin("a", "a" + i);
        }
        assertThat(displaced).isEmpty();
        var last = forms.begin("a", 3);
        assertThat(last.hold(0, () -> displaced.add("last"))).isTrue();
        assertThat(displaced).containsExactly("a0", "a1");
        assertThat(grows.hold(KIB, () -> {})).isFalse();
        assertThat(grows.complete()).isFalse();
    }

    /** Otherwise a network would keep its place in the memory for ever. */
    @Test
    void servesAgainAfterAllWereReleased() {
        var open = new ArrayList<UnfinishedForms.Form>();
        for (int i = 0; i < 6; i++) {
            open.add(begin("a", "a" + i));
        }
        open.forEach(UnfinishedForms.Form::release);
        for (int i = 0; i < 6; i++) {
            assertThat(begin("a", "again").complete()).isTrue();
        }
        assertThat(displaced).isEmpty();
        // All are complete, and their requests are under way.
        assertThat(forms.begin("a", 1).hold(1, () -> displaced.add("none"))).isFalse();
        assertThat(displaced).containsExactly("none");
    }
}
