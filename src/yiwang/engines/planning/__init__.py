# SPDX-License-Identifier: Apache-2.0
"""Items and answers in, a plan out: form, materials, stages, dates."""
