/** What operators and load balancers ask: health, and the numbers and operations of the platform MBean. */
@NullMarked
package dev.warder.admin;

import org.jspecify.annotations.NullMarked;
