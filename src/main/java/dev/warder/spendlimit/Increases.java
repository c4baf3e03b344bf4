package dev.warder.spendlimit;

import dev.warder.audit.AuditItem;
import dev.warder.json.JsonDocuments;
import dev.warder.policy.Period;
import dev.warder.policy.PolicyName;
import dev.warder.principal.Administration;
import dev.warder.principal.Administration.Recorded;
import dev.warder.principal.Administration.Request;
import dev.warder.principal.Administration.Step;
import dev.warder.principal.IdempotencyKey;
import dev.warder.principal.RefusedChangeException;
import dev.warder.principal.RefusedChangeException.Cause;
import dev.warder.spendlimit.IncreaseDocument.Audited;
import dev.warder.spendlimit.IncreaseRequest.Resolution;
import dev.warder.spendlimit.IncreaseRequest.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The requests of clients for higher spend limits. All methods wait for the database and throw {@link SQLException} if it cannot be
 * used now. Thread-safe.
 */
public final class Increases {
    private final Administration administration;

    /** Creates it. */
    public Increases(Administration administration) {
        this.administration = administration;
    }

    /** Requests, the newest first. */
    public List<IncreaseRequest> list(IncreaseQuery query) throws SQLException {
        return administration.read(connection -> IncreaseTable.list(connection, query));
    }

    /** The request of this number. */
    public Optional<IncreaseRequest> find(long number) throws SQLException {
        return administration.read(connection -> IncreaseTable.find(connection, number));
    }

    /** Those of a client, the newest first, without those of an earlier client of its name. */
    public List<IncreaseRequest> own(IncreaseQuery query, String client) throws SQLException {
        Optional<Instant> since = administration.clientSince(client);
        return since.isEmpty()
                ? List.of()
                : list(query).stream()
                        .filter(each -> !each.madeAt().isBefore(since.get()))
                        .toList();
    }

    /**
     * Makes a request for a client of the database. A client has at most one of a period that is pending.
     *
     * @param key empty if a repetition after the decision is another request
     * @return the document of the request, see {@link IncreaseDocument}
     * @throws RefusedChangeException if there is another one, or no such client
     */
    public String submit(IncreaseForm form, Optional<IdempotencyKey> key) throws SQLException, RefusedChangeException {
        var since = since(form.client());
        // Without the lock that changes wait for: most repetitions end here.
        var known = administration.read(connection -> IncreaseTable.pending(connection, form.client(), form.period()));
        if (known.filter(each -> !each.madeAt().isBefore(since)).isPresent()) {
            return repeated(known.get(), form);
        }
        return administration.unauditedOnce(key, (connection, at) -> {
            var pending = IncreaseTable.pending(connection, form.client(), form.period());
            if (pending.isPresent() && pending.get().madeAt().isBefore(since)) {
                var resolution = new Resolution(at, "removed client", OptionalLong.empty());
                IncreaseTable.resolve(connection, pending.get().number(), resolution);
            } else if (pending.isPresent()) {
                return repeated(pending.get(), form);
            }
            var request = new IncreaseRequest(
                    IncreaseTable.newest(connection) + 1,
                    form.client(),
                    form.period(),
                    form.cents(),
                    form.reason(),
                    at,
                    Optional.empty());
            IncreaseTable.insert(connection, request);
            return JsonDocuments.text(IncreaseDocument.of(request));
        });
    }

    private Instant since(String client) throws SQLException, RefusedChangeException {
        return administration
                .clientSince(client)
                .orElseThrow(() -> new RefusedChangeException(
                        Cause.NOT_FOUND, "client: there is no client of this name in the database."));
    }

    private static String repeated(IncreaseRequest pending, IncreaseForm form) throws RefusedChangeException {
        if (pending.reason().equals(form.reason()) && pending.askedCents().equals(form.cents())) {
            return JsonDocuments.text(IncreaseDocument.of(pending));
        }
        throw new RefusedChangeException(
                Cause.CLASH,
                "A request for this period is pending: " + pending.id() + ". An administrator decides about it.");
    }

    /**
     * Sets the limit of the client of a request, and approves the request; both or none.
     *
     * @param period that of the limit; empty for the one of the request
     * @param cents the limit in US cents, from 0
     * @throws RefusedChangeException if the request is not pending, or the limit cannot be set
     */
    public IncreaseRequest approve(long number, Optional<Period> period, long cents, Request request)
            throws SQLException, RefusedChangeException {
        var asked = find(number).orElseThrow(() -> none(number));
        if (asked.status() == Status.PENDING && asked.madeAt().isBefore(since(asked.client()))) {
            throw new RefusedChangeException(
                    Cause.CLASH, "The request was made by an earlier client of this name, and can only be denied.");
        }
        administration.update(
                PolicyName.client(asked.client()),
                definition -> PeriodBudgets.with(definition, period.orElse(asked.period()), cents),
                request,
                resolving(number, OptionalLong.of(cents), request));
        return find(number).orElseThrow(() -> none(number));
    }

    /**
     * Denies a request; the limit stays as it is.
     *
     * @throws RefusedChangeException if it is not pending
     */
    public IncreaseRequest deny(long number, Request request) throws SQLException, RefusedChangeException {
        administration.record(request, resolving(number, OptionalLong.empty(), request));
        return find(number).orElseThrow(() -> none(number));
    }

    private static Step<Recorded> resolving(long number, OptionalLong cents, Request request) {
        return (connection, at) -> {
            var found = IncreaseTable.find(connection, number).orElseThrow(() -> none(number));
            if (found.status() != Status.PENDING) {
                throw new RefusedChangeException(
                        Cause.CLASH,
                        "The request is not pending: it is " + found.status().word() + ".");
            }
            var resolution = new Resolution(at, request.actor().name(), cents);
            return new Recorded(List.of(resolve(connection, found, resolution)), "");
        };
    }

    private static AuditItem resolve(Connection connection, IncreaseRequest found, Resolution resolution)
            throws SQLException {
        IncreaseTable.resolve(connection, found.number(), resolution);
        var after = new IncreaseRequest(
                found.number(),
                found.client(),
                found.period(),
                found.askedCents(),
                found.reason(),
                found.madeAt(),
                Optional.of(resolution));
        return new AuditItem(
                after.status() == Status.APPROVED ? "approve" : "deny",
                found.subject(),
                JsonDocuments.text(Audited.of(found)),
                JsonDocuments.text(Audited.of(after)));
    }

    private static RefusedChangeException none(long number) {
        return new RefusedChangeException(Cause.NOT_FOUND, "There is no request of the number " + number + ".");
    }
}
