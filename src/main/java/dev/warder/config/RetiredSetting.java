package dev.warder.config;

import java.util.Arrays;
import java.util.Optional;

/** Settings of earlier versions. One that is still set has no effect and stops nothing; the start names it with this advice. */
public enum RetiredSetting {
    BUDGET_GRACE("budget.grace", "while the database is away, a node spends what it has reserved"),
    BUDGET_WHOLE_REPLIES("budget.wholeReplies", "a response that is not streamed reserves the request's max_tokens");

    private final String publicName;
    private final String advice;

    RetiredSetting(String publicName, String advice) {
        this.publicName = publicName;
        this.advice = advice;
    }

    public String publicName() {
        return publicName;
    }

    /** One line for the log, without the value, which may have been a secret. */
    public String note() {
        return publicName + ": is no setting any more; " + advice;
    }

    public static Optional<RetiredSetting> find(String publicName) {
        return Arrays.stream(values())
                .filter(each -> each.publicName.equals(publicName))
                .findFirst();
    }
}
