package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LearnedBoundsTest {
    private final LearnedBounds learned = new LearnedBounds();

    /** Models are the client's choice. */
    @Test
    void manyModelsOfAClientReplaceNoOthers() {
        add("bob", "claude");
        for (int i = 0; i < LearnedBounds.MOST; i++) {
            add("ann", "model " + i);
        }
        assertThat(knows("bob", "claude")).isTrue();
        assertThat(knows("ann", "model " + (LearnedBounds.MOST - LearnedBounds.MOST_OF_CLIENT - 1)))
                .isFalse();
        assertThat(knows("ann", "model " + (LearnedBounds.MOST - LearnedBounds.MOST_OF_CLIENT)))
                .isTrue();
    }

    @Test
    void aLimitedNumberIsRemembered() {
        for (int i = 0; i <= LearnedBounds.MOST; i++) {
            add("client " + i, "claude");
        }
        assertThat(knows("client 0", "claude")).isFalse();
        assertThat(knows("client 1", "claude")).isTrue();
    }

    @Test
    void nothingIsLearnedOfNamesThatAreTooLong() {
        add("ann", "a".repeat(257));
        assertThat(knows("ann", "a".repeat(257))).isFalse();
    }

    private void add(String client, String model) {
        learned.add(new BoundKey(client, model, BoundKind.TEXT), 1);
    }

    private boolean knows(String client, String model) {
        return learned.find(new BoundKey(client, model, BoundKind.TEXT)).isPresent();
    }
}
