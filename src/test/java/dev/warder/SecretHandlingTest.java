package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.warder.config.Secret;
import java.io.Serializable;
import java.util.Optional;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Shows that each of the rules for secrets, which {@link ArchitectureTest} checks, can fail. */
class SecretHandlingTest {
    @Test
    void findsClassesThatBreakTheRules() {
        var wrong = new ClassFileImporter().importClasses(Shown.class, Thrown.class, Kept.class, Logged.class);
        assertThat(SecretRules.recordsThatShowASecret(wrong)).hasSize(1);
        assertThat(SecretRules.exceptionsThatHoldASecret(wrong)).hasSize(1);
        assertThat(SecretRules.serializableSecrets(wrong)).hasSize(1);
        assertThat(SecretRules.methodsThatRevealAndLog(wrong)).hasSize(1);
    }

    record Shown(String name, Optional<String> refreshToken) {}

    static final class Thrown extends Exception {
        Thrown(Secret secret) {
            super("x" + secret.hashCode());
        }
    }

    @SuppressWarnings("unused")
    static final class Kept implements Serializable {
        private final transient Secret secret = Secret.of("planted-secret");
    }

    static final class Logged {
        static void log(Secret secret) {
            Logger.getLogger("x").fine(secret.reveal());
        }
    }
}
