/** The interface for operators and load balancers: health, {@code /admin}, and the platform MBean. */
@NullMarked
package dev.warder.admin;

import org.jspecify.annotations.NullMarked;
