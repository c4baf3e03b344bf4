package dev.warder.credential;

import dev.warder.http.ErrorReply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The response when no managed credential may be used, so that nothing is sent. */
final class Refusal {
    private Refusal() {}

    static ErrorReply of(List<Member> members, Optional<String> model) {
        var found = members.stream().map(member -> member.obstacle(model)).toList();
        var passing = found.stream()
                .flatMap(Optional::stream)
                .filter(obstacle -> obstacle.reason() != Obstacle.Reason.OUT_OF_USE)
                .toList();
        // A credential that has become usable meanwhile is worth a retry at once.
        boolean allBlocked = found.stream().allMatch(Optional::isPresent);
        if (allBlocked && all(passing, Obstacle.Reason.REFUSED)) {
            return refused(members);
        }
        int seconds = shortest(passing);
        return allBlocked && all(passing, Obstacle.Reason.LIMITED)
                ? ErrorReply.rateLimited("All upstream credentials are rate limited.", seconds)
                : ErrorReply.overloaded("None of the gateway's credentials can be used now.", seconds);
    }

    private static ErrorReply refused(List<Member> members) {
        String names = members.stream()
                .map(member -> '"' + member.source().name() + '"')
                .collect(Collectors.joining(", "));
        String message = "The gateway's credentials are refused by the upstream or out of use: " + names + ".";
        return ErrorReply.badGateway(message).withoutRetry();
    }

    private static boolean all(List<Obstacle> obstacles, Obstacle.Reason reason) {
        return obstacles.stream().allMatch(obstacle -> obstacle.reason() == reason);
    }

    private static int shortest(List<Obstacle> obstacles) {
        var times = obstacles.stream().flatMap(obstacle -> obstacle.timeLeft().stream());
        return Obstacle.wholeSeconds(times.min(Duration::compareTo).orElse(Duration.ZERO));
    }
}
