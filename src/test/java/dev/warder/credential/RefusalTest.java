package dev.warder.credential;

import static dev.warder.credential.PoolGround.TIMED_OUT;
import static dev.warder.credential.PoolGround.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.http.Field;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is answered when no credential may be used on arrival. */
class RefusalTest {
    private final Map<String, String> reasons = new HashMap<>();

    /** The last proves that the others are at fault, and is out of use then. */
    private final PoolGround ground =
            PoolGround.ordered(PoolGround.key("first"), PoolGround.key("second"), PoolGround.login("witness", reasons));

    @Test
    void is429AlsoWhenAGoodAnswerSaidThatNothingRemains() {
        var limit = "anthropic-ratelimit-tokens-";
        ground.use("first", answer(200, limit + "remaining", "0", limit + "reset", "2026-03-01T12:00:20Z"));
        ground.use("second", answer(429));
        assertThat(refusal().status()).isEqualTo(429);
        assertThat(refusal().fields()).containsExactly(new Field("retry-after", "15"));
    }

    @Test
    void leavesItToTheOthersWhenOneIsOutOfUse() {
        reasons.put("a", "logged out");
        var mixed =
                PoolGround.ordered(PoolGround.login("a", reasons), PoolGround.key("b"), PoolGround.login("c", reasons));
        reasons.put("c", "logged out");
        mixed.use("b", answer(429, "retry-after", "9"));
        assertThat(mixed.request().refusal().status()).isEqualTo(429);
        mixed.seconds(9);
        reasons.remove("c");
        mixed.use("b", answer(401));
        reasons.put("c", "logged out");
        assertThat(mixed.request().refusal().status()).isEqualTo(502);
    }

    @Test
    void is503ForWhatIsNotPaid() {
        ground.use("first", answer(402));
        ground.use("second", answer(402));
        assertOverloaded("600");
    }

    @Test
    void is503ForOpenBreakers() {
        ground.use("first", TIMED_OUT);
        ground.seconds(10);
        ground.use("second", TIMED_OUT);
        assertOverloaded("20");
    }

    @Test
    void is503ForASecondWhileProbesAreUnderWay() {
        ground.use("first", TIMED_OUT);
        ground.use("second", TIMED_OUT);
        ground.seconds(30);
        ground.begin("first");
        ground.begin("second");
        assertOverloaded("1");
    }

    @Test
    void is503ForASecondWhenOneHasComeBackMeanwhile() {
        ground.use("first", answer(401));
        ground.seconds(59);
        ground.use("second", answer(401));
        reasons.put("witness", "logged out");
        var request = ground.request();
        assertThat(request.next()).isEmpty();
        ground.seconds(1);
        assertThat(request.refusal().status()).isEqualTo(503);
    }

    private ErrorReply refusal() {
        reasons.put("witness", "logged out");
        var request = ground.request();
        assertThat(request.next()).isEmpty();
        return request.refusal();
    }

    private void assertOverloaded(String seconds) {
        assertThat(refusal())
                .extracting(ErrorReply::status, ErrorReply::type)
                .containsExactly(503, ErrorType.OVERLOADED);
        assertThat(refusal().fields()).containsExactly(new Field("retry-after", seconds));
    }
}
