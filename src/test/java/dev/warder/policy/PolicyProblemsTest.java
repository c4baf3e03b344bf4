package dev.warder.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warder.config.InvalidValueException;
import dev.warder.testkit.EachRow;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyProblemsTest {
    private static final String AMOUNT =
            "amount: must be an amount of US dollars such as 250.00, with at most 9 digits before the point and 9 after it";
    private static final String ZONE = "zone: must be an IANA time zone such as Europe/Berlin or UTC";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "+1",
                "1e3",
                "1,000",
                "1.",
                ".5",
                " 1",
                "1 ",
                "$1",
                "1 USD",
                "NaN",
                "Infinity",
                "0x10",
                "1000000000",
                "0.0000000001",
                "9223372036.854775808",
                "\u0661",
                "planted",
            })
    void refusesAnAmountThatIsNotADecimal(String amount) {
        assertThat(Policies.problemOfBudget("'amount': '" + amount + "', 'period': 'day'"))
                .isEqualTo("organization: budgets: item 1: " + AMOUNT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Day", "daily", "days", "year", "1d", "planted"})
    void refusesAPeriodOfAnotherName(String period) {
        assertThat(Policies.problemOfBudget("'amount': '1', 'period': '" + period + "'"))
                .isEqualTo("organization: budgets: item 1: period: must be hour, day, week, month or lifetime");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "CEST", "europe/berlin", "Europe/Bonn", "+01:00", "UTC+1", "Z", " UTC", "planted"})
    void refusesAZoneThatIsNotOfIana(String zone) {
        assertThat(Policies.problemOfBudget("'amount': '1', 'period': 'day', 'zone': '" + zone + "'"))
                .isEqualTo("organization: budgets: item 1: " + ZONE);
        assertThat(Policies.problem("'version': 1, 'zone': '" + zone + "'")).isEqualTo(ZONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'1'", "0", "-1", "1.5", "1e3", "1000000000000000", "null", "true", "[1]"})
    void refusesAVersionThatIsNotAWholeNumber(String version) {
        assertThat(Policies.problem("'version': " + version))
                .isEqualTo("version: must be a whole number from 1, of at most 15 digits and without quotes");
    }

    @Test
    void refusesAFileWithoutAVersion() {
        assertThat(Policies.problem("'teams': []")).startsWith("version: must be a whole number");
    }

    @EachRow({
        "'period': 'day'|amount: is missing",
        "'amount': '1'|period: is missing",
        "'amount': 1, 'period': 'day'|amount: must be a string",
        "'amount': null, 'period': 'day'|amount: must be a string",
        "'amount': '1', 'period': 1|period: must be a string",
        "'amount': '1', 'period': 'day', 'mode': 'off'|mode: must be enforce, warn or shadow",
        "'amount': '1', 'period': 'day', 'on_exhausted': 'queue'|on_exhausted: must be cut or finish",
        "'amount': '1', 'period': 'day', 'onExhausted': 'cut'|onExhausted: unknown member; did you mean on_exhausted?",
        "'amount': '1', 'period': 'day', 'limit': '2'|limit: unknown member",
        "'amount': '1', 'period': 'day', 'planted-secret-1': '2'|(name not shown): unknown member",
        "'amount': '1', 'period': 'day', 'zone': 1|zone: must be a string",
    })
    void refusesABudgetByItsMember(String members, String problem) {
        assertThat(Policies.problemOfBudget(members)).isEqualTo("organization: budgets: item 1: " + problem);
    }

    @EachRow({
        "'budgets': {}|budgets: must be an array",
        "'budgets': '5'|budgets: must be an array",
        "'budgets': ['5']|budgets: item 1: must be an object",
        "'budgets': 'unlimited'|budgets: must be an array",
        "'budgets': ['unlimited']|budgets: must not have the word unlimited; only clients and teams may",
        "'budgets': [{'amount': '1', 'period': 'day'}, {'amount': '2', 'period': 'day', 'mode': 'warn'}]"
                + "|budgets: item 2: has the period of an earlier item",
        "'budget': []|budget: unknown member; did you mean budgets?",
    })
    void refusesAListOfBudgets(String members, String problem) {
        assertThat(Policies.problem("'version': 1, 'organization': {" + members + "}"))
                .isEqualTo("organization: " + problem);
        assertThat(Policies.problem("'version': 1, 'sessions': {" + members + "}"))
                .isEqualTo("sessions: " + problem);
    }

    @EachRow({
        "'kind': 'person'|client 1: name: is missing",
        "'name': 'a'|client 1 (a): kind: is missing",
        "'name': 'a', 'kind': 'robot'|client 1 (a): kind: must be person or service",
        "'name': '', 'kind': 'person'|client 1: name: must be 1 to 64 letters, digits and . _ @ -, the first a letter or digit",
        "'name': 'a b', 'kind': 'person'|client 1: name: must be 1 to 64 letters, digits and . _ @ -, the first a letter or digit",
        "'name': '-a', 'kind': 'person'|client 1: name: must be 1 to 64 letters, digits and . _ @ -, the first a letter or digit",
        "'name': 'sk-ant-planted', 'kind': 'person'|client 1: name: must be 1 to 64 letters, digits and . _ @ -, the first a letter or digit",
        "'name': 'a', 'kind': 'person', 'team': []|client 1 (a): team: unknown member; did you mean teams?",
        "'name': 'a', 'kind': 'person', 'teams': 'blue'|client 1 (a): teams: must be an array",
        "'name': 'a', 'kind': 'person', 'teams': [1]|client 1 (a): teams: item 1: must be a string",
        "'name': 'a', 'kind': 'person', 'teams': ['blue', 'blue']|client 1 (a): teams: item 2: is the same as an earlier item",
        "'name': 'a', 'kind': 'person', 'teams': ['Blue']|client 1 (a): teams: item 1: is not the name of a team; did you mean blue?",
        "'name': 'a', 'kind': 'person', 'teams': ['planted']|client 1 (a): teams: item 1: is not the name of a team",
        "'name': 'a', 'kind': 'person', 'teams': ['blue', 'red']|client 1 (a): payer: is missing: one of several teams must pay",
        "'name': 'a', 'kind': 'person', 'teams': ['blue'], 'payer': 'red'|client 1 (a): payer: is not one of the client's teams",
        "'name': 'a', 'kind': 'person', 'payer': 'red'|client 1 (a): payer: is not one of the client's teams",
        "'name': 'a', 'kind': 'person', 'payer': 1|client 1 (a): payer: must be a string",
        "'name': 'a', 'kind': 'person', 'models': []|client 1 (a): models: must not be empty; leave it out to permit all",
        "'name': 'a', 'kind': 'person', 'models': ['*-x']|client 1 (a): models: item 1: may have * only at the end of a name",
        "'name': 'a', 'kind': 'person', 'models': ['a b']|client 1 (a): models: item 1: must be visible ASCII characters without blanks",
        "'name': 'a', 'kind': 'person', 'paths': []|client 1 (a): paths: must not be empty; leave it out to permit all",
        "'name': 'a', 'kind': 'person', 'paths': ['v1']|client 1 (a): paths: item 1: must be a path such as /v1/messages or, with all paths below it, /v1/messages*",
        "'name': 'a', 'kind': 'person', 'tags': ['Prod']|client 1 (a): tags: item 1: must be 1 to 64 lower-case letters, digits and . _ : = @ -, the first a letter or digit",
        "'name': 'a', 'kind': 'person', 'external_id': ' '|client 1 (a): external_id: must be 1 to 256 characters without control characters, the first not a blank",
        "'name': 'a', 'kind': 'person', 'external_id': 'x\\n'|client 1 (a): external_id: must be 1 to 256 characters without control characters, the first not a blank",
        "'name': 'a', 'kind': 'person', 'token_names': ['a b']|client 1 (a): token_names: item 1: must be 1 to 64 letters, digits and . _ @ -, the first a letter or digit",
        "'name': 'a', 'kind': 'person', 'budgets': ['unlimited', {'amount': '1', 'period': 'day'}]"
                + "|client 1 (a): budgets: must not have an enforcing budget together with the word unlimited",
        "'name': 'a', 'kind': 'person', 'budgets': 'Unlimited'|client 1 (a): budgets: must be an array",
    })
    void refusesAClientByItsPlaceAndMember(String members, String problem) {
        assertThat(Policies.problemOfClient(members)).isEqualTo(problem);
    }

    @EachRow({
        "'teams': [7]|team 1: must be an object",
        "'teams': {}|teams: must be an array",
        "'teams': [{}]|team 1: name: is missing",
        "'teams': [{'name': 'b', 'paths': ['/v1']}]|team 1 (b): paths: unknown member",
        "'teams': [{'name': 'b', 'models': []}]|team 1 (b): models: must not be empty; leave it out to permit all",
        "'clients': ['ada']|client 1: must be an object",
        "'tags': [{'name': 'x'}]|tag 1 (x): budgets: is missing",
        "'tags': [{'budgets': []}]|tag 1: name: is missing",
        "'tags': [{'name': 'X', 'budgets': []}]|tag 1 (X): name: must be 1 to 64 lower-case letters, digits and . _ : = @ -, the first a letter or digit",
        "'models': [{'name': 'x*y', 'budgets': []}]|model 1: name: may have * only at the end of a name",
        "'models': [{'name': 'x'}]|model 1 (x): budgets: is missing, and so is limits",
        "'sessions': []|sessions: must be an object",
        "'organization': null|organization: must be an object",
        "'organisation': {}|organisation: unknown member; did you mean organization?",
    })
    void refusesOtherMembersByTheirPlace(String members, String problem) {
        assertThat(Policies.problem("'version': 1, " + members)).isEqualTo(problem);
    }

    @Test
    void refusesAModelPatternThatIsTooLongForAKey() {
        String longest = "m".repeat(127) + "*";
        String members = "'version': 1, 'models': [{'name': '%s', 'budgets': []}]";
        assertThat(Policies.problem(members.formatted("m" + longest)))
                .isEqualTo("model 1: name: must have at most 128 characters");
    }

    @Test
    void refusesANameOfMoreThan64Characters() {
        assertThat(Policies.problem(Policies.COVERED + ", 'clients': [" + Policies.client("a".repeat(65), "") + "]"))
                .startsWith("client 1: name: must be 1 to 64");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'version': 1, 'version': 2}",
                "{'version': 1} x",
                "{'version': 1",
                "[]",
                "planted",
                "{'version': 1, 'clients': [{'name': 'a', 'name': 'b'}]}",
                "{'version': 1, 'organization': {'budgets': [{'amount': '1', 'amount': '2', 'period': 'day'}]}}",
            })
    void refusesWhatIsNotOneDocumentOfDistinctMembers(String text) {
        assertThat(reason(Policies.bytes(text))).isEqualTo("is not one JSON object, or has two members of one name");
    }

    @Test
    void refusesWhatIsNotText() {
        assertThat(reason(new byte[] {(byte) 0xFF})).isEqualTo("is not UTF-8");
        assertThat(reason("\uFEFF{}".getBytes(StandardCharsets.UTF_8))).isEqualTo("begins with a byte order mark");
        assertThat(reason(new byte[0])).isEqualTo("is blank");
    }

    @Test
    void refusesWhatIsNestedTooDeeply() {
        String deep = "{'version': 1, 'teams': " + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        assertThat(reason(Policies.bytes(deep))).startsWith("is not one JSON object");
    }

    @Test
    void reportsTheProblemsOfAllPlacesAtOnce() {
        assertThat(Policies.problem(
                                "'version': 0, 'zone': 'x', 'organization': {'budgets': [{'amount': '-', 'period': '-'}]},"
                                        + "'teams': [{'name': '-'}], 'clients': ["
                                        + Policies.client("a", "'teams': ['x']")
                                        + "], 'tags': [7], 'models': [7], 'sessions': 7")
                        .split("; "))
                .extracting(problem -> problem.replaceFirst(": (?:must|is) .*", ""))
                .containsExactly(
                        "version",
                        "zone",
                        "organization: budgets: item 1: amount",
                        "organization: budgets: item 1: period",
                        "team 1: name",
                        "tag 1",
                        "model 1",
                        "sessions",
                        "client 1 (a): teams: item 1");
    }

    @Test
    void listsTwentyProblemsAndCountsTheOthers() {
        var clients = IntStream.range(0, 25).mapToObj(i -> "7").collect(Collectors.joining(","));
        assertThat(Policies.problem("'version': 1, 'clients': [" + clients + "]"))
                .endsWith("client 20: must be an object; and 5 more problems")
                .doesNotContain("client 21");
    }

    @Test
    void repeatsNoValueOfTheFile() {
        String planted = "Planted Secret";
        var text = Policies.problem(("'version': 'P', 'zone': 'P', 'P': 1, 'organization': {'budgets': [{'amount': 'P',"
                        + " 'period': 'P', 'zone': 'P', 'mode': 'P', 'on_exhausted': 'P', 'P': 1}, 'P']}, 'teams': [{'name': 'P',"
                        + " 'external_id': '\\n P', 'models': ['P']}], 'clients': [{'name': 'P', 'kind': 'P', 'payer': 'P'}]")
                .replace("P", planted));
        assertThat(text).doesNotContain("Planted").contains("(name not shown)");
    }

    private static String reason(byte[] content) {
        return catchThrowableOfType(InvalidValueException.class, () -> PolicyFile.parse(content, Optional.empty()))
                .reason();
    }
}
