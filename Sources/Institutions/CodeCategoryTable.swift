import SurveillanceKit

/// The categories of institutions. Source: WS 218-2002, table of classification codes, third level.
enum CodeCategoryTable {
    static let titles: [String: BilingualText] = Dictionary(
        uniqueKeysWithValues: list.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "|").map(String.init)
            return parts.count == 3 ? (parts[0], BilingualText(zh: parts[1], en: parts[2])) : nil
        })

    private static let list = """
        A100|综合医院|general hospital
        A210|中医（综合）医院|hospital of Chinese medicine (general)
        A220|中医专科医院|specialised hospital of Chinese medicine
        A221|肛肠医院|proctology hospital
        A222|骨伤医院|orthopaedics and traumatology hospital
        A223|针灸医院|acupuncture hospital
        A224|按摩医院|massage hospital
        A229|其他中医专科医院|other specialised hospital of Chinese medicine
        A300|中西医结合医院|hospital of integrated Chinese and western medicine
        A411|蒙医院|hospital of Mongolian medicine
        A412|藏医院|hospital of Tibetan medicine
        A413|维医院|hospital of Uyghur medicine
        A414|傣医院|hospital of Dai medicine
        A419|其他民族医院|other hospital of ethnic medicine
        A511|口腔医院|dental hospital
        A512|眼科医院|eye hospital
        A513|耳鼻喉科医院|ear, nose and throat hospital
        A514|肿瘤医院|cancer hospital
        A515|心血管病医院|cardiovascular hospital
        A516|胸科医院|chest hospital
        A517|血液病医院|haematology hospital
        A518|妇产（科）医院|maternity hospital
        A519|儿童医院|children's hospital
        A520|精神病医院|psychiatric hospital
        A521|传染病医院|infectious diseases hospital
        A522|皮肤病医院|dermatology hospital
        A523|结核病医院|tuberculosis hospital
        A524|麻风病医院|leprosy hospital
        A525|职业病医院|occupational diseases hospital
        A526|骨科医院|orthopaedic hospital
        A527|康复医院|rehabilitation hospital
        A528|整形外科医院|plastic surgery hospital
        A529|美容医院|cosmetic surgery hospital
        A539|其他专科医院|other specialised hospital
        A600|疗养院|sanatorium
        A710|护理院|nursing home
        A720|护理站|nursing station
        B100|社区卫生服务中心|community health centre
        B200|社区卫生服务站|community health station
        C100|街道卫生院|subdistrict health centre
        C210|中心卫生院|central township health centre
        C220|乡卫生院|township health centre
        D110|综合门诊部|general outpatient department
        D120|中医门诊部|outpatient department of Chinese medicine
        D121|中医（综合）门诊部|outpatient department of Chinese medicine (general)
        D122|中医专科门诊部|specialised outpatient department of Chinese medicine
        D130|中西医结合门诊部|outpatient department of integrated medicine
        D140|民族医门诊部|outpatient department of ethnic medicine
        D150|专科门诊部|specialised outpatient department
        D151|普通专科门诊部|ordinary specialised outpatient department
        D152|口腔门诊部|dental outpatient department
        D153|眼科门诊部|eye outpatient department
        D154|医疗美容门诊部|cosmetic outpatient department
        D155|精神卫生门诊部|mental health outpatient department
        D159|其他专科门诊部|other specialised outpatient department
        D211|普通诊所|ordinary clinic
        D212|中医诊所|clinic of Chinese medicine
        D213|中西医结合诊所|clinic of integrated medicine
        D214|民族医诊所|clinic of ethnic medicine
        D215|口腔诊所|dental clinic
        D216|医疗美容诊所|cosmetic clinic
        D217|精神卫生诊所|mental health clinic
        D229|其他诊所|other clinic
        D300|卫生所（室）|health post
        D400|医务室|infirmary
        D500|中小学卫生保健所|school health post
        D600|村卫生室|village health room
        E100|急救中心|emergency centre
        E200|急救中心站|emergency centre station
        E300|急救站|emergency station
        F110|血液中心|blood centre
        F120|中心血站|central blood station
        F130|基层血站、中心血库|local blood station or central blood bank
        F200|单采血浆站|plasma collection station
        G100|妇幼保健院|maternal and child health hospital
        G200|妇幼保健所|maternal and child health office
        G300|妇幼保健站|maternal and child health station
        G400|生殖保健中心|reproductive health centre
        H111|传染病防治院|institute for infectious diseases
        H112|结核病防治院|institute for tuberculosis
        H113|职业病防治院|institute for occupational diseases
        H119|其他专科疾病防治院|other institute for special diseases
        H211|口腔病防治所（站、中心）|centre for oral diseases
        H212|精神病防治所（站、中心）|centre for mental illness
        H213|皮肤病防治所（站、中心）|centre for skin diseases
        H214|结核病防治所（站、中心）|centre for tuberculosis
        H215|麻风病防治所（站、中心）|centre for leprosy
        H216|职业病防治所（站、中心）|centre for occupational diseases
        H217|寄生虫病防治所（站、中心）|centre for parasitic diseases
        H218|地方病防治所（站、中心）|centre for endemic diseases
        H219|血吸虫病防治所（站、中心）|centre for schistosomiasis
        H220|药物戒毒所（中心）|drug rehabilitation centre
        H229|其他专科疾病防治所（站、中心）|other centre for special diseases
        J100|疾病预防控制中心|centre for disease control and prevention
        J200|卫生防疫站|epidemic prevention station
        J300|卫生防病中心|disease prevention centre
        J400|预防保健中心|preventive health centre
        K100|卫生监督所（局）|health inspection office
        L100|卫生（综合）监督检验（监测、检测）所（站）|station for health inspection and testing (general)
        L200|环境卫生监督检验（监测、检测）所（站）|station for environmental health testing
        L300|放射卫生监督检验（监测、检测）所（站）|station for radiological health testing
        L400|劳动（职业、工业）卫生监督检验（监测、检测）所（站）|station for occupational health testing
        L500|食品卫生监督检验（监测、检测）所（站）|station for food hygiene testing
        L600|学校卫生监督检验（监测、检测）所（站）|station for school health testing
        L900|其他卫生监督检验（监测、检测）所（站）|other station for health testing
        M100|医学科学（研究）院（所）|institute of medical science
        M200|预防医学研究院（所）|institute of preventive medicine
        M300|中医（药）研究院（所）|institute of Chinese medicine
        M400|中西医结合研究所|institute of integrated medicine
        M500|民族医（药）学研究所|institute of ethnic medicine
        M611|基础医学研究所|institute of basic medicine
        M612|病毒学研究所|institute of virology
        M613|老年医学研究所|institute of geriatrics
        M614|肿瘤（防治）研究所|institute of oncology
        M615|心血管病研究所|institute of cardiovascular diseases
        M616|血液学研究所|institute of haematology
        M617|整形外科研究所|institute of plastic surgery
        M618|精神卫生研究所|institute of mental health
        M619|放射医学研究所|institute of radiation medicine
        M620|医学生物学研究所|institute of medical biology
        M621|生物医学工程研究所|institute of biomedical engineering
        M622|实验动物研究所|institute of laboratory animals
        M623|结核病防治研究所|institute of tuberculosis
        M624|皮肤病与性病防治研究所|institute of skin and venereal diseases
        M625|寄生虫病防治研究所|institute of parasitic diseases
        M626|地方病防治研究所|institute of endemic diseases
        M627|血吸虫病防治研究所|institute of schistosomiasis
        M628|流行病学研究所|institute of epidemiology
        M629|医学微生物学研究所|institute of medical microbiology
        M630|环境卫生研究所|institute of environmental health
        M631|劳动卫生（职业病）研究所|institute of occupational health
        M632|营养与食品卫生研究所|institute of nutrition and food hygiene
        M633|儿少卫生研究所|institute of child and adolescent health
        M634|医学信息研究所|institute of medical information
        M649|其他医学专科研究所|other institute of a medical speciality
        M700|药学研究所|institute of pharmacy
        N110|医学普通高等学校|medical college or university
        N111|医学院|medical college
        N112|中医（药）学院|college of Chinese medicine
        N113|民族医（药）学院|college of ethnic medicine
        N119|其他医学普通高等学校|other medical college
        N120|医学普通中等专业学校|medical secondary school
        N121|卫生学校|health school
        N122|中医（药）学校|school of Chinese medicine
        N123|民族医（药）学校|school of ethnic medicine
        N124|护士学校|nursing school
        N210|医学成人高等学校|medical college for adults
        N211|职工医学院|medical college for employees
        N212|卫生管理干部学院|college of health administration
        N219|其他医学成人高等学校|other medical college for adults
        N220|医学成人中等学校|medical secondary school for adults
        N221|卫生职业（工）中等专业学校|vocational health school
        N222|中医（药）职业中等专业学校|vocational school of Chinese medicine
        N223|卫生进修学校|school of further health education
        N229|其他医学成人中等学校|other medical secondary school for adults
        N300|医学在职培训机构|in-service medical training institution
        O100|健康教育所|health education office
        O200|健康教育站（中心）|health education station
        P110|临床检验中心|clinical laboratory centre
        P120|临床检验所（站）|clinical laboratory
        P210|卫生图书出版社|health book publisher
        P220|卫生报纸出版社|health newspaper publisher
        P230|卫生杂志社|health magazine publisher
        P290|其他卫生新闻出版社|other health publisher
        P911|精神病收容所|asylum
        P912|麻风村|leprosy village
        P913|卫生消毒站|disinfection station
        P914|乡防保组|township prevention team
        P915|农村改水中心|rural water improvement centre
        P916|计划生育技术服务中心（站）|family planning service centre
        P917|卫生机关服务中心|service centre of a health authority
        P918|卫生统计信息中心|health statistics and information centre
        P919|医学考试中心|medical examination centre
        P921|医学科技交流中心|centre for medical exchange
        P939|其他|other
        Q100|红十字会|Red Cross society
        Q200|医学会|medical association
        Q300|卫生协会|health association
        Q311|输血协会|blood transfusion association
        Q312|医师协会|medical doctor association
        Q339|其他卫生协会|other health association
        Q900|其他卫生社会团体|other health organisation
        """
}
