// A complaint that is right in every field; `mark` makes its text its own.

export function complaint(mark = '1') {
  return {
    region: '110105',
    complainant_name: '王秀兰',
    complainant_phone: '13800138000',
    complainant_address: '北京市朝阳区建国路1号',
    notify_by: 'in_app',
    consent_publish: 'no',
    consent_delegate: 'yes',
    truthful: 'yes',
    respondent_name: '朝阳区好日子家电商行',
    respondent_address: '北京市朝阳区三里屯路9号',
    respondent_phone: '01065550000',
    goods: '电饭煲',
    amount: '399.00',
    bought_on: '2026-10-08',
    facts: `十月八日在该店买的电饭煲，用了三天内胆起皮，店里说是人为不给换。（${mark}）`,
    demands: ['refund'],
    demand_text: '退货退款',
    claim: '399.00',
  };
}
