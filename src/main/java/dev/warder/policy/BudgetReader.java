package dev.warder.policy;

import dev.warder.config.ValueSyntax;
import dev.warder.json.ObjectReader;
import dev.warder.json.Problems;
import dev.warder.policy.Budget.OnExhausted;
import dev.warder.policy.Principal.BudgetList;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;

/** Reads the member {@code budgets} wherever it occurs. One thread at a time. */
final class BudgetReader {
    static final String MEMBER = "budgets";

    private static final String AMOUNT = "amount";
    private static final String PERIOD = "period";
    private static final String ZONE = "zone";
    private static final String MODE = "mode";
    private static final String ON_EXHAUSTED = "on_exhausted";
    private static final List<String> MEMBERS = List.of(AMOUNT, PERIOD, ZONE, MODE, ON_EXHAUSTED);

    private final Problems problems;
    private final ZoneId zone;
    private boolean anyEnforces;

    BudgetReader(Problems problems, ZoneId zone) {
        this.problems = problems;
        this.zone = zone;
    }

    ZoneId zone() {
        return zone;
    }

    boolean anyEnforces() {
        return anyEnforces;
    }

    /** The budgets of a client or a team, which may be the word {@code unlimited} or have it as an item. */
    BudgetList budgetsOrUnlimited(ObjectReader owner, Budget.Scope scope, Optional<String> name) {
        if (owner.value(MEMBER).filter(BudgetReader::isUnlimited).isPresent()) {
            return new BudgetList(List.of(), true);
        }
        var unlimited = new ArrayList<JsonValue>();
        var read = new BudgetList(named(terms(owner, unlimited), scope, name), !unlimited.isEmpty());
        if (read.unlimited() && read.enforces()) {
            owner.problem(MEMBER, "must not have an enforcing budget together with the word " + PolicySyntax.UNLIMITED);
        }
        return read;
    }

    List<Budget> budgets(ObjectReader owner, Budget.Scope scope, Optional<String> name) {
        return new BudgetList(named(terms(owner), scope, name), false).budgets();
    }

    List<Budget.Terms> terms(ObjectReader owner) {
        var unlimited = new ArrayList<JsonValue>();
        List<Budget.Terms> terms = terms(owner, unlimited);
        if (!unlimited.isEmpty()) {
            owner.problem(MEMBER, "must not have the word " + PolicySyntax.UNLIMITED + "; only clients and teams may");
        }
        return terms;
    }

    private static List<Budget> named(List<Budget.Terms> terms, Budget.Scope scope, Optional<String> name) {
        return name.map(text -> terms.stream()
                        .map(each -> new Budget(scope, text, each))
                        .toList())
                .orElse(List.of());
    }

    private List<Budget.Terms> terms(ObjectReader owner, List<JsonValue> unlimited) {
        var byPeriod = new EnumMap<Period, Budget.Terms>(Period.class);
        owner.eachOf(MEMBER, (number, value) -> {
            String place = owner.item(MEMBER, number);
            if (isUnlimited(value)) {
                unlimited.add(value);
            } else if (value instanceof JsonObject object) {
                read(object, place).ifPresent(terms -> {
                    if (byPeriod.putIfAbsent(terms.period(), terms) != null) {
                        problems.add(place, "has the period of an earlier item");
                    }
                });
            } else {
                problems.add(place, "must be an object");
            }
        });
        anyEnforces |= byPeriod.values().stream().anyMatch(Budget.Terms::enforces);
        return List.copyOf(byPeriod.values());
    }

    private Optional<Budget.Terms> read(JsonObject object, String place) {
        var budget = ObjectReader.of(object, place, problems, MEMBERS);
        Optional<Long> amount = budget.require(AMOUNT, PolicySyntax::amount);
        Optional<Period> period = budget.require(PERIOD, PolicySyntax::period);
        ZoneId own = budget.find(ZONE, PolicySyntax::zone).orElse(zone);
        Budget.Mode mode = budget.find(MODE, ValueSyntax.oneOf(List.of(Budget.Mode.values())))
                .orElse(Budget.Mode.ENFORCE);
        OnExhausted onExhausted = budget.find(ON_EXHAUSTED, ValueSyntax.oneOf(List.of(OnExhausted.values())))
                .orElse(OnExhausted.CUT);
        return amount.flatMap(nanos -> period.map(length -> new Budget.Terms(nanos, length, own, mode, onExhausted)));
    }

    private static boolean isUnlimited(JsonValue value) {
        return value instanceof JsonString text && text.getString().equals(PolicySyntax.UNLIMITED);
    }
}
