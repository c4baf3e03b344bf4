package dev.warder.health;

import dev.warder.credential.CredentialState;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Health as MicroProfile Health 4.0 defines it. Immutable.
 *
 * @param status {@code UP} or {@code DOWN}
 */
@JsonbPropertyOrder({"status", "checks"})
record HealthDocument(String status, List<Check> checks) {
    HealthDocument {
        checks = List.copyOf(checks);
    }

    static HealthDocument of(List<Check> checks) {
        return new HealthDocument(status(checks.stream().allMatch(Check::isUp)), checks);
    }

    boolean isUp() {
        return status.equals(status(true));
    }

    private static String status(boolean up) {
        return up ? "UP" : "DOWN";
    }

    /**
     * One check.
     *
     * @param status {@code UP} or {@code DOWN}
     */
    @JsonbPropertyOrder({"name", "status", "data"})
    record Check(String name, String status, Optional<Data> data) {
        static Check of(String name, boolean up, Optional<Data> data) {
            return new Check(name, HealthDocument.status(up), data);
        }

        static Check up(String name) {
            return of(name, true, Optional.empty());
        }

        boolean isUp() {
            return status.equals(HealthDocument.status(true));
        }
    }

    /**
     * Details of a check. Its values are texts, numbers and booleans, because MicroProfile Health allows no arrays.
     *
     * @param heldModels the models that the upstream limits, each with the reason, in one text
     */
    @JsonbPropertyOrder({"usable", "reason", "retryAfterSeconds", "heldModels", "openExchanges"})
    record Data(
            Optional<Boolean> usable,
            Optional<String> reason,
            Optional<Long> retryAfterSeconds,
            Optional<String> heldModels,
            Optional<Integer> openExchanges) {
        static Data reason(String reason) {
            return new Data(
                    Optional.empty(), Optional.of(reason), Optional.empty(), Optional.empty(), Optional.empty());
        }

        static Data draining(int openExchanges) {
            return new Data(
                    Optional.empty(),
                    Optional.of("draining"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(openExchanges));
        }

        static Optional<Data> of(CredentialState state) {
            if (state.usable() && state.heldModels().isEmpty()) {
                return Optional.empty();
            }
            boolean unusable = !state.usable();
            return Optional.of(new Data(
                    unusable ? Optional.of(false) : Optional.empty(),
                    unusable ? state.cause().or(() -> Optional.of("It is out of use.")) : Optional.empty(),
                    unusable ? state.timeLeft().map(Duration::toSeconds) : Optional.empty(),
                    heldModels(state),
                    Optional.empty()));
        }

        private static Optional<String> heldModels(CredentialState state) {
            return state.heldModels().isEmpty()
                    ? Optional.empty()
                    : Optional.of(state.heldModels().stream()
                            .map(CredentialState.HeldModel::toString)
                            .collect(Collectors.joining(", ")));
        }
    }
}
