package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.warder.config.Secret;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Logger;
import java.util.regex.Pattern;
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

    /**
     * Secrets and tokens have no text form, are in no exception, are never serialized, and meet no logger: what breaks that.
     */
    static final class SecretRules {
        /** The types whose values are secret, each for itself. */
        static final Set<String> TYPES = Set.of(
                "dev.warder.config.Secret",
                "dev.warder.auth.AccessToken",
                "dev.warder.auth.OwnCredential",
                "dev.warder.credential.UpstreamCredential",
                "dev.warder.credential.UpstreamCredential$ApiKey",
                "dev.warder.credential.UpstreamCredential$BearerToken",
                "dev.warder.http.Field",
                "dev.warder.http.PresentedTokens",
                "dev.warder.oauth.OAuthToken",
                "dev.warder.oauth.TokenEndpoint$TokenRequest");

        /** What a component with a secret as plain text is called. */
        private static final Pattern NAME = Pattern.compile(
                "(?i).*(token|secret|password|pepper|verifier|assertion|credential|cookie|nonce).*|key|access|refresh|state"
                        + "|given|settings|entries|.*Params");

        /** A component of this name shows the last characters of a token on purpose. */
        private static final String MASKED = "maskedToken";

        private SecretRules() {}

        /** A record shows all its components unless it says otherwise. */
        static List<String> recordsThatShowASecret(JavaClasses classes) {
            var found = new ArrayList<String>();
            for (var type : classes) {
                if (type.isRecord()
                        && type.tryGetMethod("toString")
                                .filter(SecretRules::isWritten)
                                .isEmpty()) {
                    type.getFields().stream()
                            .filter(SecretRules::mayHoldASecretText)
                            .forEach(field -> found.add(field.getFullName()));
                }
            }
            return found;
        }

        /** The compiler's own members of a record stand in the line of its head. */
        private static boolean isWritten(JavaCodeUnit method) {
            int head = method.getOwner().getCodeUnits().stream()
                    .mapToInt(unit -> unit.getSourceCodeLocation().getLineNumber())
                    .filter(line -> line > 0)
                    .min()
                    .orElse(0);
            return method.getSourceCodeLocation().getLineNumber() > head;
        }

        private static boolean mayHoldASecretText(JavaField field) {
            var type = field.getType().getName();
            boolean text = type.contains("java.lang.String") || type.equals("[B") || type.equals("[C");
            return text
                    && !field.getModifiers().contains(JavaModifier.STATIC)
                    && !field.getName().equals(MASKED)
                    && NAME.matcher(field.getName()).matches();
        }

        static List<String> exceptionsThatHoldASecret(JavaClasses classes) {
            return classes.stream()
                    .filter(type -> type.isAssignableTo(Throwable.class))
                    .filter(type -> type.getDirectDependenciesFromSelf().stream()
                            .anyMatch(dependency -> isSecret(dependency.getTargetClass())))
                    .map(JavaClass::getName)
                    .toList();
        }

        static List<String> serializableSecrets(JavaClasses classes) {
            return classes.stream()
                    .filter(type -> type.isAssignableTo(Serializable.class) && !type.isAssignableTo(Throwable.class))
                    .filter(type ->
                            isSecret(type) || type.getFields().stream().anyMatch(field -> isSecret(field.getRawType())))
                    .map(JavaClass::getName)
                    .toList();
        }

        static List<String> methodsThatRevealAndLog(JavaClasses classes) {
            return classes.stream()
                    .flatMap(type -> type.getCodeUnits().stream())
                    .filter(unit -> unit.getMethodCallsFromSelf().stream()
                            .anyMatch(call -> call.getName().equals("reveal") && isSecret(call.getTargetOwner())))
                    .filter(unit -> unit.getName().equals("toString")
                            || unit.getMethodCallsFromSelf().stream()
                                    .anyMatch(call -> call.getTargetOwner().isAssignableTo(Logger.class)))
                    .map(JavaCodeUnit::getFullName)
                    .toList();
        }

        private static boolean isSecret(JavaClass type) {
            return TYPES.contains(type.getName());
        }
    }
}
