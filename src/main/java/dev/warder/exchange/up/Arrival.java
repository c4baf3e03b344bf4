package dev.warder.exchange.up;

import dev.warder.container.SerialTurn;
import dev.warder.record.RequestRecord;
import jakarta.servlet.ServletInputStream;

/**
 * A request as it arrived at the servlet. No part of an exchange keeps it, because a stream may go on for an hour.
 *
 * @param turn the turn to read the body
 * @param in the body
 */
public record Arrival(
        RequestRecord record, Decisions decisions, RequestHead head, SerialTurn turn, ServletInputStream in) {}
