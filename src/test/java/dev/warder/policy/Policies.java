package dev.warder.policy;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warder.config.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Policies of tests; apostrophes stand for quotation marks. */
public final class Policies {
    /** An enforcing budget of the organization, so that no client needs one. */
    public static final String COVERED =
            "'version': 1, 'organization': {'budgets': [{'amount': '1000', 'period': 'month'}]}";

    private Policies() {}

    public static byte[] bytes(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    /** A file with these members, and {@code budget.default} not set. */
    public static Policy parse(String members) throws InvalidValueException {
        return PolicyFile.parse(bytes("{" + members + "}"), Optional.empty());
    }

    public static Policy parse(String members, String byDefault) throws InvalidValueException {
        return PolicyFile.parse(bytes("{" + members + "}"), Optional.of(DefaultBudget.parse(byDefault)));
    }

    /** Why a file with these members is refused. */
    public static String problem(String members) {
        return catchThrowableOfType(InvalidValueException.class, () -> parse(members))
                .reason();
    }

    public static String problem(String members, String byDefault) {
        return catchThrowableOfType(InvalidValueException.class, () -> parse(members, byDefault))
                .reason();
    }

    /** Why a file with this client is refused. */
    public static String problemOfClient(String members) {
        return problem(COVERED + ", 'teams': [{'name': 'blue'}, {'name': 'red'}], 'clients': [{" + members + "}]");
    }

    /** Why a file with this budget of the organization is refused. */
    public static String problemOfBudget(String members) {
        return problem("'version': 1, 'organization': {'budgets': [{" + members + "}]}");
    }

    public static String client(String name, String members) {
        return "{'name': '" + name + "', 'kind': 'person'" + (members.isEmpty() ? "" : ", " + members) + "}";
    }
}
