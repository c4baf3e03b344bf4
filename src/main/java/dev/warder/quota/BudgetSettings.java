package dev.warder.quota;

import dev.warder.config.InvalidValueException;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import dev.warder.policy.PolicySettings;
import dev.warder.quota.Webhook.WebhookSettings;
import dev.warder.usage.UnknownMembers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Terms of all budgets of {@code policy.file}: settings {@code budget.*}. Thread-safe.
 *
 * @param longestWait how long a request waits for money that running requests hold; at most ten minutes, 0 for not at all
 * @param contact who can raise a budget, in words for the clients whose requests are refused; one line
 * @param members by name, whether requests with a member that Warder does not know hold the longest prompt
 * @param chargesProfiles whether what the customer behind a user profile is billed counts too
 * @param webhook where notifications are sent
 */
public record BudgetSettings(
        Duration longestWait,
        Optional<String> contact,
        Map<String, UnknownMembers.Hold> members,
        boolean chargesProfiles,
        Optional<WebhookSettings> webhook) {
    private static final Duration USUAL_WAIT = Duration.ofSeconds(60);
    private static final Duration MOST_WAIT = Duration.ofMinutes(10);

    /** Without controls, line separators, and what changes the direction of the text around it. */
    private static final Pattern CONTACT = Pattern.compile("[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]{1,200}");

    public static BudgetSettings read(SettingReader settings) {
        return new BudgetSettings(
                PolicySettings.findForPolicy(Setting.BUDGET_WAIT, settings, BudgetSettings::wait)
                        .orElse(USUAL_WAIT),
                PolicySettings.findForPolicy(Setting.BUDGET_CONTACT, settings, BudgetSettings::contact),
                PolicySettings.findForPolicy(Setting.BUDGET_MEMBERS, settings, BudgetSettings::members)
                        .orElse(Map.of()),
                PolicySettings.findForPolicy(Setting.BUDGET_USER_PROFILE, settings, ValueSyntax::flag)
                        .orElse(false),
                WebhookSettings.read(settings));
    }

    private static Duration wait(String text) throws InvalidValueException {
        Duration longest = ValueSyntax.durationOrZero(text);
        if (longest.compareTo(MOST_WAIT) > 0) {
            throw new InvalidValueException("must be at most 10m");
        }
        return longest;
    }

    /** A type has a name with an equals sign, so that the last one separates. */
    private static Map<String, UnknownMembers.Hold> members(String text) throws InvalidValueException {
        var members = new HashMap<String, UnknownMembers.Hold>();
        for (var each : text.split(",", -1)) {
            int at = each.lastIndexOf('=');
            String name = each.substring(0, Math.max(0, at)).strip();
            String says = each.substring(at + 1).strip();
            boolean longest = says.equals("longest");
            var hold = longest ? UnknownMembers.Hold.LONGEST : UnknownMembers.Hold.NONE;
            if (name.isEmpty() || !longest && !says.equals("none") || members.put(name, hold) != null) {
                throw new InvalidValueException(
                        "must be NAME=none or NAME=longest, separated by commas, each name once");
            }
        }
        return members;
    }

    private static String contact(String text) throws InvalidValueException {
        if (!CONTACT.matcher(text).matches()) {
            throw new InvalidValueException("must be 1 to 200 characters in one line, without control characters");
        }
        return text;
    }
}
