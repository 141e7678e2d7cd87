import { sql } from 'kysely'
import type { TenantId } from '#domain/ids.ts'
import { type Executor, rowsOf } from './database.ts'

/**
 * Resolution leaves people who are gone as they were when they went. What a person says of them since stands instead for
 * as long as it is said; when it is taken back, the outcome is to the letter what it was. Made anew from both every time.
 */
export const heedWordOfGone = (db: Executor, tenant: TenantId) =>
  rowsOf(
    sql`
    with told as (
      select route_id, source_key from explicit_link where tenant_id = ${tenant}
      union select route_id, source_key from parted_pair where tenant_id = ${tenant}
      union select route_id, source_key from identity where tenant_id = ${tenant} and before_word is not null),
    gone as (
      select identity.route_id, identity.source_key, coalesce(identity.before_word, to_jsonb(identity) - 'before_word') as own,
             route.wecom_id, dingtalk.key || ':' || account.user_id as account, wecom.key as target_connection
        from told
        join identity on identity.tenant_id = ${tenant} and identity.route_id = told.route_id and identity.source_key = told.source_key
        join route on route.tenant_id = ${tenant} and route.id = identity.route_id
        join connection dingtalk on dingtalk.tenant_id = ${tenant} and dingtalk.id = route.dingtalk_id
        join connection wecom on wecom.tenant_id = ${tenant} and wecom.id = route.wecom_id
        join account on account.tenant_id = ${tenant} and account.connection_id = route.dingtalk_id
                    and account.key = identity.source_key and account.gone_at is not null),
    word as (
      select gone.*, link.target_key as linked, pair.parted_at, pair.parted_by, coalesce(twin.user_id, own->>'target_key') as twin_user,
             case when link.target_key <> own->>'target_key' or own->>'target_key' is null and link.target_key is not null then 'linked'
                  when link.target_key is null and pair.parted_at is not null then 'parted' end as says
        from gone
        left join explicit_link link on link.tenant_id = ${tenant} and link.route_id = gone.route_id and link.source_key = gone.source_key
        left join parted_pair pair on pair.tenant_id = ${tenant} and pair.route_id = gone.route_id and pair.source_key = gone.source_key
                                  and pair.target_key = own->>'target_key'
        left join account twin on twin.tenant_id = ${tenant} and twin.connection_id = gone.wecom_id and twin.key = own->>'target_key'),
    wanted as (
      select route_id, source_key, says, case when says is not null then own end as before_word, own || coalesce(case says
        when 'linked' then jsonb_build_object('status', 'linked', 'target_key', linked, 'probability', 1,
               'because', '[{"code":"explicit-link"}]'::jsonb, 'would_change', '[{"code":"unlink"}]'::jsonb)
        when 'parted' then jsonb_build_object('status', 'unmatched', 'target_key', null, 'probability', null,
               'because', jsonb_build_array(jsonb_build_object('code', 'parted', 'userId', twin_user, 'by', parted_by,
                  'at', to_char(parted_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'))),
               'would_change', jsonb_build_array(jsonb_build_object('code', 'link',
                  'accounts', jsonb_build_array(account, target_connection || ':' || twin_user))))
        end || '{"candidates":[],"weight":null,"weights":{}}', '{}') as row from word)
    update identity set status = row->>'status', target_key = row->>'target_key', because = row->'because',
           candidates = row->'candidates', probability = (row->>'probability')::float8, weight = (row->>'weight')::float8,
           weights = row->'weights', would_change = row->'would_change', before_word = wanted.before_word
      from wanted
     where identity.tenant_id = ${tenant} and identity.route_id = wanted.route_id and identity.source_key = wanted.source_key
       and (wanted.says is not null or identity.before_word is not null)`,
    db,
  )
