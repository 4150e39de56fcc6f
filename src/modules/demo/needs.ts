import { connectors } from '#modules/connectors'
import { dashboards } from '#modules/dashboards'
import { datasets } from '#modules/datasets'
import { identity } from '#modules/identity'
import { live } from '#modules/live'
import { metrics } from '#modules/metrics'
import { pipelines } from '#modules/pipelines'
import { streams } from '#modules/streams'

export const needs = { connectors, dashboards, datasets, identity, live, metrics, pipelines, streams }
