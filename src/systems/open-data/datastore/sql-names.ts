/**
 * What a query of the public may call: functions that only compute. Everything else (files, settings, sleep, locks, large
 * objects, other databases, catalogues) stays out because it is not here.
 */
const words = (text: string) => text.trim().split(/\s+/);

const functions = new Set([
  // Aggregates and windows.
  ...words(`count sum avg min max bool_and bool_or every string_agg array_agg json_agg jsonb_agg json_object_agg jsonb_object_agg
    stddev stddev_pop stddev_samp variance var_pop var_samp corr covar_pop covar_samp regr_avgx regr_avgy regr_count
    regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy mode percentile_cont percentile_disc any_value
    row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value`),
  // Numbers.
  ...words(`abs ceil ceiling floor round trunc mod div power pow sqrt cbrt exp ln log log10 sign degrees radians pi random
    width_bucket gcd lcm factorial sin cos tan cot asin acos atan atan2 sinh cosh tanh least greatest to_number scale
    min_scale trim_scale`),
  // Texts.
  ...words(`length char_length character_length octet_length bit_length lower upper initcap trim btrim ltrim rtrim left right
    substr substring position strpos overlay replace translate reverse split_part concat concat_ws repeat lpad rpad ascii
    chr md5 sha256 encode decode format quote_literal quote_ident starts_with regexp_replace regexp_match regexp_matches
    regexp_count regexp_instr regexp_like regexp_substr regexp_split_to_array regexp_split_to_table string_to_array
    string_to_table to_hex normalize is_normalized unistr like_escape similar_to_escape convert_to convert_from`),
  // Times.
  ...words(`now date_part date_trunc date_bin extract age make_date make_time make_timestamp make_timestamptz make_interval
    to_char to_date to_timestamp timezone justify_days justify_hours justify_interval isfinite overlaps clock_timestamp
    statement_timestamp transaction_timestamp`),
  // Arrays, JSON, sets.
  ...words(`array_length array_ndims array_dims array_lower array_upper array_position array_positions array_to_string
    array_append array_prepend array_cat array_remove array_replace cardinality unnest generate_series generate_subscripts
    json_array_elements json_array_elements_text json_array_length json_each json_each_text json_extract_path
    json_extract_path_text json_object_keys json_typeof json_build_object json_build_array jsonb_array_elements
    jsonb_array_elements_text jsonb_array_length jsonb_each jsonb_each_text jsonb_extract_path jsonb_extract_path_text
    jsonb_object_keys jsonb_typeof jsonb_build_object jsonb_build_array jsonb_path_query jsonb_path_exists
    jsonb_path_query_first jsonb_path_query_array jsonb_strip_nulls to_json to_jsonb row_to_json`),
  // Search in texts.
  ...words(`to_tsvector to_tsquery plainto_tsquery phraseto_tsquery websearch_to_tsquery ts_rank ts_rank_cd ts_headline
    numnode querytree strip setweight tsvector_to_array`),
  ...words('coalesce nullif num_nulls num_nonnulls grouping'),
]);

const types = new Set(
  words(`text varchar bpchar char int2 int4 int8 smallint int integer bigint numeric decimal float4 float8 real bool boolean
    date time timetz timestamp timestamptz interval json jsonb uuid tsvector tsquery jsonpath`),
);

/** Whether the public may call the function of this name. */
export function mayCall(name: string): boolean {
  return functions.has(name);
}

/** Whether the public may turn a value into this type: those that look into the catalogue (`regclass` …) are not among them. */
export function mayCast(name: string): boolean {
  return types.has(name);
}
