package dev.warder.policy;

import dev.warder.config.InvalidValueException;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What holds for all budgets of {@code policy.file}, settings {@code budget.*}. They have no meaning without that file.
 * Immutable.
 *
 * @param byDefault what holds for clients that no budget limits; empty if the operator has not decided
 * @param longestWait how long a request waits for money that running requests hold; at most a day, 0 for not at all
 * @param contact who can raise a budget, in words for the clients whose requests are refused
 * @param wholeReplies what is held for responses that are not streamed
 * @param graceNanos what this node may spend, in nano-dollars, while the database cannot be reached; 0 for nothing
 */
public record BudgetSettings(
        Optional<DefaultBudget> byDefault,
        Duration longestWait,
        Optional<String> contact,
        WholeReplies wholeReplies,
        long graceNanos) {
    private static final Duration USUAL_WAIT = Duration.ofSeconds(60);

    private static final Pattern CONTACT = Pattern.compile("[^\\p{Cntrl}]{1,200}");

    /** Reads {@code budget.*}. */
    static BudgetSettings read(SettingReader settings) {
        return new BudgetSettings(
                find(Setting.BUDGET_DEFAULT, settings, DefaultBudget::parse),
                find(Setting.BUDGET_WAIT, settings, ValueSyntax::durationOrZero).orElse(USUAL_WAIT),
                find(Setting.BUDGET_CONTACT, settings, BudgetSettings::contact),
                find(Setting.BUDGET_WHOLE_REPLIES, settings, ValueSyntax.oneOf(List.of(WholeReplies.values())))
                        .orElse(WholeReplies.FULL),
                find(Setting.BUDGET_GRACE, settings, PolicySyntax::amount).orElse(0L));
    }

    private static <T> Optional<T> find(Setting setting, SettingReader settings, ValueSyntax.Parser<T> parser) {
        Optional<T> found = settings.find(setting, parser);
        if (found.isPresent() && settings.isGiven(setting) && !settings.isGiven(Setting.POLICY_FILE)) {
            // An operator who limits spending must not believe that it is limited.
            settings.problem(setting, "has no meaning without " + Setting.POLICY_FILE.publicName());
        }
        return found;
    }

    private static String contact(String text) throws InvalidValueException {
        if (!CONTACT.matcher(text).matches()) {
            throw new InvalidValueException("must be 1 to 200 characters without control characters");
        }
        return text;
    }
}
